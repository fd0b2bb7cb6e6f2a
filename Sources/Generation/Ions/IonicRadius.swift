import MaterialsCore

/// Crystal radii of ions.
///
/// - Source: Shannon's; for ions that he does not have those fitted by Baloch et al.; see `IonicRadiusTable`.
enum IonicRadius {
    /// Where in the tables the radii of an ion are.
    private static let places: [Int: [(coordination: Int, radius: Double)]] = {
        var places: [Int: [(coordination: Int, radius: Double)]] = [:]
        for r in IonicRadiusTable.shannon + IonicRadiusTable.fitted {
            places[key(r.atomicNumber, r.charge), default: []].append((r.coordination, r.radius))
        }
        return places
    }()

    private static func key(_ atomicNumber: Int, _ charge: Int) -> Int { atomicNumber * 64 + charge + 32 }

    /// Crystal radius in Å, at the tabulated coordination that is nearest, of two the lower; nil where the ion has none.
    static func crystal(_ element: Element, charge: Int, coordination: Int) -> Double? {
        places[key(Int(element.atomicNumber), charge)]?.min { abs($0.coordination - coordination) < abs($1.coordination - coordination) }?
            .radius
    }
}
