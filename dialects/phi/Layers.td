#ifndef PHI_LAYERS
#define PHI_LAYERS

include "dialects/phi/PhiBase.td"

def Phi_LayersOp : Phi_Op<"layers", [AllTypesMatch<["input", "result"]>, AllTypesMatch<["cache", "new_cache"]>,
                                     SingleBlock, RecursiveMemoryEffects]> {
  let summary = "run the layers of the model, one body for each signature of weight types";
  let description = [{
    Layer i runs the body `order[i]`. A body's arguments are the layer, the layer's number among those that share the
    body (the member of its weight families), the rows and the cache; what it yields is the next layer's.

    - (C1) `order` has at least one entry, and its entries name bodies; each body is named.
    - (C2) `order` has as many entries as the cache has layers.
    - (C3) A body takes and yields what its description says.

    ```mlir
    func.func @layers(%x: tensor<?x8xf32>, %cache: !phi.cache<2 x 1 x 8 x f32>) -> tensor<?x8xf32> {
      %0, %1 = phi.layers order [0, 0] (%x, %cache) : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32> {
      ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c: !phi.cache<2 x 1 x 8 x f32>):
        %2 = phi.add %h, %h : tensor<?x8xf32>
        phi.yield %2, %c : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
      }
      return %0 : tensor<?x8xf32>
    }
    ```
  }];
  let arguments = (ins Phi_Rows:$input, Phi_Cache:$cache, DenseI64ArrayAttr:$order);
  let results = (outs Phi_Rows:$result, Phi_Cache:$new_cache);
  let regions = (region VariadicRegion<SizedRegion<1>>:$bodies);
  let assemblyFormat = [{
    `order` $order ` ` `(` $input `,` $cache `)` attr-dict `:` type($input) `,` type($cache) $bodies
  }];
  let hasVerifier = 1;
}

def Phi_YieldOp : Phi_Op<"yield", [Pure, Terminator, HasParent<"LayersOp">]> {
  let summary = "hand rows and cache to the next layer";
  let description = "Ends a body of `phi.layers`, whose page has an example.";
  let arguments = (ins Phi_Rows:$rows, Phi_Cache:$cache);
  let assemblyFormat = "$rows `,` $cache attr-dict `:` type($rows) `,` type($cache)";
}

#endif // PHI_LAYERS
