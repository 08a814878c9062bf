#include "phidias/Vectorize/VectorTarget.h"
#include "dialects/phi/PhiDialect.h"

namespace phidias {

bool VectorTarget::signedFor(mlir::Type weight) const {
  auto quantized = mlir::dyn_cast<phi::QuantizedType>(weight);
  return signedCodes || (valueLanes && quantized && quantized.getCodebook());
}

VectorTarget VectorTarget::of(phi::MachineAttr machine) {
  VectorTarget target;
  if (!machine)
    return target;
  target.lanes = machine.getLanes();
  target.registers = machine.getRegisters();
  target.dot = machine.getDot();
  target.signedCodes = machine.getSignedCodes();
  target.valueLanes = machine.getValueLanes();
  target.matrix = machine.getMatrix();
  target.smallLoops = machine.getSmallLoops();
  return target;
}

} // namespace phidias
