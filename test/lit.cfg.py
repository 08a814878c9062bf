# How lit runs the compiler's tests: phidias-opt of this build, FileCheck and not of LLVM 22.
import os

import lit.formats

config.name = "Phidias"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.phidias_build, "test")
config.environment["PATH"] = os.pathsep.join(
    [os.path.join(config.phidias_build, "bin"), config.llvm_tools, config.environment["PATH"]])

for architecture in ("x86_64", "aarch64"):
    config.substitutions.append((f"%phirt_{architecture}", os.path.join(
        config.phidias_build, "lib", "phidias", "runtime", architecture + "-linux", "phirt.o")))

for tool in ("FileCheck", "not", "ld.lld", "llvm-nm", "llvm-objdump", "llvm-readelf"):
    if not os.path.exists(os.path.join(config.llvm_tools, tool)):
        lit_config.fatal(f"{tool} is missing in {config.llvm_tools}")
if not os.path.exists(os.path.join(config.phidias_build, "bin", "phidias-opt")):
    lit_config.fatal("phidias-opt is not built")
