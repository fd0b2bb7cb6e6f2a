import MaterialsCore

struct ImportedGraphModel { static func read(_ bytes: [UInt8], fileName: String) throws -> ForeignModel { throw MatSieveError.input("x") } }
