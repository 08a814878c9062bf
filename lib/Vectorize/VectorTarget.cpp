#include "phidias/Vectorize/VectorTarget.h"
#include "dialects/phi/PhiDialect.h"

namespace phidias {

VectorTarget VectorTarget::of(phi::MachineAttr machine) {
  VectorTarget target;
  if (!machine)
    return target;
  target.lanes = machine.getLanes();
  target.registers = machine.getRegisters();
  target.signedCodes = machine.getSignedCodes();
  target.valueLanes = machine.getValueLanes();
  target.matrix = machine.getMatrix();
  return target;
}

} // namespace phidias
