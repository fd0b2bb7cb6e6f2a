import MaterialsCore
import Stability
import Testing
