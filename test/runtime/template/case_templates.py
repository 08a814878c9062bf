"""Templates of make_cases.py: the shapes in which chat templates are published, and one small one for each construct."""

CHATML = ("{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + "
          "'\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")
PHI4 = ("{% for message in messages %}{% if (message['role'] == 'system') %}{{'<|im_start|>system<|im_sep|>' + "
        "message['content'] + '<|im_end|>'}}{% elif (message['role'] == 'user') %}{{'<|im_start|>user<|im_sep|>' + "
        "message['content'] + '<|im_end|>'}}{% elif (message['role'] == 'assistant') %}{{'<|im_start|>assistant<|im_sep|>'"
        " + message['content'] + '<|im_end|>'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ "
        "'<|im_start|>assistant<|im_sep|>' }}{% endif %}")

PUBLISHED = {
    "phi-4": PHI4,
    "phi-4, early": PHI4.replace("elif (message['role'] == 'user') %}{{'<|im_start|>user<|im_sep|>' + message['content'] "
                                 "+ '<|im_end|>'}}", "elif (message['role'] == 'user') %}{{'<|im_start|>user<|im_sep|>' + "
                                 "message['content'] + '<|im_end|><|im_start|>assistant<|im_sep|>'}}"),
    "phi-4-reasoning": "<|im_start|>system<|im_sep|>You are Phi. Think first: <think> {Thought} </think> {Solution}"
                       "<|im_end|>{% for message in messages %}{% if (message['role'] == 'user') %}"
                       "{{'<|im_start|>user<|im_sep|>' + message['content'] + '<|im_end|>'}}"
                       "{% elif (message['role'] == 'assistant') %}{{'<|im_start|>assistant<|im_sep|>'}}"
                       "{% generation %}{{message['content'] + '<|im_end|>'}}{% endgeneration %}{% endif %}{% endfor %}"
                       "{% if add_generation_prompt %}{{ '<|im_start|>assistant<|im_sep|>' }}{% endif %}",
    "phi-4-mini": "{% for message in messages %}{% if message['role'] == 'system' and 'tools' in message and "
                  "message['tools'] is not none %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|tool|>' + "
                  "message['tools'] + '<|/tool|>' + '<|end|>' }}{% else %}{{ '<|' + message['role'] + '|>' + "
                  "message['content'] + '<|end|>' }}{% endif %}{% endfor %}{% if add_generation_prompt %}"
                  "{{ '<|assistant|>' }}{% else %}{{ eos_token }}{% endif %}",
    "phi-3": "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') %}{{'<|user|>' + '\n' + "
             "message['content'] + '<|end|>' + '\n' + '<|assistant|>' + '\n'}}{% elif (message['role'] == 'assistant') %}"
             "{{message['content'] + '<|end|>' + '\n'}}{% endif %}{% endfor %}",
    "phi-3.5": "{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>\n' "
               "+ message['content'] + '<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + "
               "message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + "
               "message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}"
               "{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}",
    "smollm2": "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
               "{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}"
               "{% endif %}"
               + CHATML[len("{% for message in messages %}"):],
    "alternating": """{{ bos_token }}
{% if messages[0]['role'] == 'system' %}
    {% set rest = messages[1:] %}
    {% set system = '<<SYS>>\\n' ~ messages[0]['content'] | trim ~ '\\n<</SYS>>\\n\\n' %}
{% else %}
    {% set rest = messages %}
    {% set system = '' %}
{% endif %}
{% for message in rest %}
    {%- if (message.role == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('roles must alternate') }}
    {%- endif %}
    {% set content = (system + message['content']) if loop.first else message['content'] %}
    {% if message['role'] == 'user' %}
        {{ '[INST] ' + content.strip() + ' [/INST]' }}
    {%- elif message['role'] == 'assistant' -%}
        {{ ' ' + content.strip() + ' ' + eos_token }}
    {%- endif -%}
{% endfor %}
""",
    "headers": """{{- bos_token }}
{%- if not date_string is defined %}
    {%- set date_string = "26 Jul 2024" %}
{%- endif %}
{%- if not tools is defined %}{%- set tools = none %}{%- endif %}
{#- the system turn -#}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}{{- "Environment: ipython\\n" }}{%- for t in tools %}{{- t | tojson(indent=4) }}{%- endfor %}
{%- endif %}
{{- "Today Date: " + date_string + "\\n\\n" }}
{{- system_message }}{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}{{- raise_exception("one call at once") }}{%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {%- for name, value in tool_call.arguments | items %}{{- name + '="' + value + '"' }}{%- endfor %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}
""",
    "namespace": """{%- set ns = namespace(last=-1, seen=false, text='') -%}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if not ns.seen and message.role == "user" and not(message.content.startswith('<tool>') and message.content.endswith('</tool>')) %}
        {%- set ns.seen = true %}{%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content if message.content is string else '' %}
    {%- if message.role == "assistant" and '</think>' in content %}
        {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
        {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- if loop.index0 > ns.last or loop.last %}{{- '[' + thought.strip('\\n') + ']' }}{%- endif %}
    {%- endif %}
    {%- set ns.text = ns.text ~ message.role[0] | upper %}
    {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' }}
    {{- '\\n' if not loop.last or add_generation_prompt }}
{%- endfor %}
{{- ns.text }}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}
{%- endif %}
""",
}

CONSTRUCTS = r"""
{{ 1 + 2 * 3 - 4 }}|{{ 7 // 2 }}|{{ -7 // 2 }}|{{ -7 % 3 }}|{{ 7 % -3 }}|{{ 'ab' * 3 }}|{{ 2 ~ 'x' ~ none ~ true }}
{{ 1 == true }}{{ 'a' == 'a' }}{{ [1, 2] == [1, 2] }}{{ (1, 2) == [1, 2] }}{{ none == false }}{{ x == y }}
{{ 'a' < 'b' }}{{ 'Z' < 'a' }}{{ 1 <= 1 }}{{ 2 > 3 }}{{ 'é' > 'z' }}
{{ 1 + 'a' }}
{{ 'a' + none }}
{{ 'a' < 1 }}
{{ missing.attribute }}
{{ missing['key'] }}
{{ missing }}{{ messages[9] }}{{ messages[0].nothing }}{{ messages[0]['nothing'] is defined }}
{{ messages[9].role }}
{{ messages[-1].content }}{{ messages.0.role }}{{ messages[0]['role'][1] }}{{ messages[0].role[-1] }}
{{ messages[3].content[3:] }}|{{ messages[3].content[::-1] }}|{{ messages[3].content[-3:-1] }}|{{ 'abc'[5:] }}|{{ 'abcdef'[4:1:-2] }}
{{ messages[1:3] | length }}{{ messages[:-1] | length }}{{ messages[::2][1].role }}{{ messages[10:] | length }}
{{ messages[3].content | length }}{{ messages | count }}{{ '' | length }}{{ missing | length }}
{{ messages[0].content | trim }}|{{ '  a ' | trim }}|{{ 'xxaxx' | trim('x') }}|{{ missing | trim }}|{{ 12 | trim }}
{{ messages[1].content | upper }}{{ 'ABC' | lower }}{{ messages[2].content.upper() }}{{ 'hello world-wide (web)' | title }}{{ "it's".title() }}{{ 'hELLO wORLD' | capitalize }}
{{ missing | default('d') }}{{ '' | default('e', true) }}{{ '' | default('f') }}{{ none | d('g', boolean=true) }}{{ none | default('h') }}
{{ ['a', 1, none] | join(', ') }}|{{ messages | join('/', attribute='role') }}|{{ 'abc' | join('-') }}|{{ '-'.join(['a', 'b']) }}
{{ messages[0] | tojson }}|{{ [1, true, none, 'ü"\n\t\\'] | tojson }}|{{ {'a': [], 'b': {'c': 1}} | tojson(indent=2) }}
{{ 'a,b,,c'.split(',') | join('|') }}|{{ ' a  b '.split() | join('|') }}|{{ 'a,b,c'.split(',', 1) | last }}|{{ 'a,b,c'.rsplit(',', 1) | first }}
{{ messages[1].content.replace('n', '<N>') }}|{{ 'aaa'.replace('a', 'b', 2) }}|{{ 'x-y' | replace('-', '+') }}
{{ 'abc'.startswith('ab') }}{{ 'abc'.endswith('bc') }}{{ 'abcb'.find('b') }}{{ 'é-b'.find('b') }}{{ 'abcb'.count('b') }}{{ 'a'.find('z') }}
{{ ' x '.lstrip() }}|{{ ' x '.rstrip() }}|{{ '--x-'.strip('-') }}|{{ messages[0].content.strip() }}|
{{ 'a' in 'cat' }}{{ 'role' in messages[0] }}{{ 'tools' not in messages[0] }}{{ 1 in [1, 2] }}{{ 'x' in missing }}{{ messages[1].role in ('user', 'tool') }}
{{ 1 in 'abc' }}
{{ 'a' in none }}
{{ x is defined }}{{ x is undefined }}{{ tools is none }}{{ tools is defined }}{{ 'a' is string }}{{ 1 is number }}{{ true is number }}{{ true is integer }}{{ true is boolean }}
{{ messages is sequence }}{{ messages is mapping }}{{ messages[0] is mapping }}{{ 'a' is iterable }}{{ 3 is odd }}{{ 4 is even }}{{ 9 is divisibleby 3 }}{{ 9 is divisibleby(2) }}{{ 1 is eq 1 }}
{{ true is true }}{{ 1 is true }}{{ false is false }}{{ 'a' is not string }}{{ 'a' is in ['a'] }}{{ x is sequence }}{{ not x is defined }}
{{ 'yes' if messages else 'no' }}{{ 'gone' if false }}{{ 'a' if false else 'b' if false else 'c' }}
{{ none or 'x' }}{{ '' and 'y' }}{{ 0 or [] or 'z' }}{{ not '' }}{{ 'a' and 'b' }}{{ not 1 == 2 }}
{% for m in messages %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}
{% for m in messages %}{{ loop.previtem.role if not loop.first }}>{{ m.role }}>{{ loop.nextitem.role if loop.nextitem is defined }} {{ loop.cycle('a', 'b') }}{% endfor %}
{% for m in messages if m.role == 'user' %}{{ loop.index }}{{ loop.length }}{{ m.content }}{% else %}none{% endfor %}
{% for m in [] %}x{% else %}empty{% endfor %}{% for m in missing %}x{% else %}empty{% endfor %}{% for c in 'hé' %}<{{ c }}>{% endfor %}
{% for m in none %}{% endfor %}
{% for i in range(3) %}{{ i }}{% endfor %}{% for i in range(5, 1, -2) %}{{ i }}{% endfor %}{% for k in messages[0] %}{{ k }}{% endfor %}
{% for k, v in messages[0].items() %}{{ k }}={{ v }};{% endfor %}{% for a, b in [(1, 2), [3, 4]] %}{{ a + b }}{% endfor %}{{ messages[0].get('x', 'y') }}{{ messages[0].get('role') }}
{% for i in range(4) %}{% if i == 1 %}{% continue %}{% elif i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}
{% for a in [1, 2] %}{% for b in [3, 4] %}{{ loop.index }}{{ loop.depth }}{{ a * b }} {% endfor %}{{ loop.index }}{% endfor %}
{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}
{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}{% set y %}<{{ messages[1].content }}>{% set x = 3 %}{% endset %}{{ y }}{{ y | length }}{{ x }}
{% set ns = namespace(a=1, b='x') %}{% for i in [1, 2] %}{% set ns.a = ns.a + i %}{% set ns.c = i %}{% endfor %}{{ ns.a }}{{ ns.b }}{{ ns.c }}{{ ns.d is defined }}
{% set m = messages[0] %}{% set m.role = 'x' %}
{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join('+') }}{{ (messages | rejectattr('role', 'equalto', 'user') | list)[0].role }}{{ messages | selectattr('content') | list | length }}
{{ (messages | first).role }}{{ (messages | last).role }}{{ 'abc' | last }}{{ [] | first is defined }}{{ [1, 2] | reverse | join }}{{ 'abc' | reverse }}
{{ messages | map(attribute='role') | length }}
{{ (messages[0].content ~ 1) | string }}{{ (none | string) + 'x' }}{{ 'a' 'b' "c" }}
{{ [1] + [2] | length }}
{{ [1] + [2] == [1, 2] }}{{ 'a' ~ 1 + 'b' ~ 2 * 3 }}
{{ 'a' ~ 1 + 2 }}
{{ missing[1:] }}
{{ messages[::0] }}
{{ "\x41\u00e9\101\n\t\\\'\"\q" }}{{ '{{' }}{{ '%}' }}{{ {'a': {'b': 'c'}}['a']['b'] }}{{ {'a': 1}.a }}
{{- '  a' -}}   {#- c -#}   b   {#+ d +#}  {{ 'e' }}  {%- if true -%}  f  {%- endif -%}  g
{{ strftime_now is defined }}{{ namespace is defined }}{{ raise_exception is none }}{{ bos_token }}{{ eos_token }}{{ add_generation_prompt }}{{ tools }}{{ documents is none }}
{{ raise_exception('no: ' + messages[0].role) }}
{{ 5 // 0 }}
{{ strftime_now('%Y-%m') | length }}{{ strftime_now('%%') }}
{% set x = none %}{{ x[1:] }}
{{ none.a }}{{ none['a'] is defined }}{{ 5 .a }}
{{ messages[0].content is string and messages[0].content | length > 3 and not false }}
{{ -1 | string }}{{ -(messages | length) }}{{ - 2 - -3 }}
{{ -messages | length }}
{{ 'x' if not (1 in [1]) else 'y' }}{{ 1 not in [2] }}{{ (1,) | length }}{{ () | length }}{{ [1, 2,] | length }}
""".strip().split("\n")

CONSTRUCTS += [
    "a\n  {% if true %}\n  b\n  {% endif %}\nc\n",
    "  {% if true %}x{% endif %}  \n  {{ 1 }}\n\n",
    "a\n  {%+ if true %}b{% endif +%}\nc",
    "a\r\n{% if true %}\r\nb\rc{% endif %}\n\n",
    "a {# one\ntwo #}\n  {# three #}\nb\n  {#- four -#}\n c",
    "{% for m in messages -%}\n  {{ m.role }}\n{%- endfor %}\n.",
    "{{\n'a'\n}}\n{%\nif true\n%}\n b \n{%- endif\n-%}\n c \n",
    "\t{%- set x = 1 %}\n\u2003{% set y = 2 %}\n\u00a0{{- y }}\u3000{{ x -}}\u3000\n",
    "{% if x %}a{% elif not x and y is undefined %}b{% elif true %}c{% else %}d{% endif %}",
    "{{ '<|' + messages[0].role + '|>' }}{% generation %}{% set z = 1 %}{{ messages[1].content }}{% endgeneration %}{{ z }}",
    "no tags { at % all }",
    "",
]
