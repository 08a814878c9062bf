#include "dialects/phi/PhiDialect.h"

// phi.add is whole in its td file: its traits are its verifier, and x + 0 does not occur in a
// model.
