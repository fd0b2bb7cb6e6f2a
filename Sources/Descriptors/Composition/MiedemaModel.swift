import MaterialsCore

/// Miedema's model of the formation enthalpy of alloys: parameters of the elements and the terms of a pair, kJ/mol.
///
/// Alloys of more elements are sums over their pairs, with the fractions of the whole alloy.
///
/// - Source: F. R. de Boer, R. Boom, W. C. M. Mattens, A. R. Miedema, A. K. Niessen, Cohesion in Metals (North-Holland, 1988);
///   L. J. Gallego, J. A. Somoza, J. A. Alonso, Glass formation in ternary transition metal alloys, J. Phys. Condens. Matter (1990)
struct MiedemaModel: Sendable {
    /// Parameters of one element.
    struct Parameters: Sendable {
        var molarVolume = 0.0
        /// Molar volume to the power 2/3, proportional to the surface of a mole.
        var surface = 0.0
        var electronDensity = 0.0
        var electronDensityRoot = 0.0
        var electronegativity = 0.0
        var valenceElectrons = 0.0
        var volumeConstant = 0.0
        var hybridization = 0.0
        var transitionEnthalpy = 0.0
        var bulkModulus = 0.0
        var shearModulus = 0.0
        var meltingTemperature = 0.0
        var structuralStability = 0.0

        /// Transition metals in the model's sense: 3 to 11 valence electrons.
        var isTransitionMetal: Bool { (3...11).contains(valenceElectrons) && valenceElectrons == valenceElectrons.rounded() }
    }

    private let parameters: [Parameters]
    private let rejectsMissing: Bool

    init(missing: MissingElementValue) {
        rejectsMissing = missing == .reject
        func column(_ table: [Double]) -> [Double] { missing == .impute ? imputingMean(table) : table }
        let (volumes, densities, negativities) = (
            column(MiedemaTable.molarVolume), column(MiedemaTable.electronDensity), column(MiedemaTable.electronegativity)
        )
        let (valences, constants, hybrids) = (
            column(MiedemaTable.valenceElectrons), column(MiedemaTable.volumeConstant), column(MiedemaTable.hybridization)
        )
        let (transitions, bulk, shear) = (
            column(MiedemaTable.transitionEnthalpy), column(MiedemaTable.bulkModulus), column(MiedemaTable.shearModulus)
        )
        let (melting, stability) = (column(MiedemaTable.meltingTemperature), column(MiedemaTable.structuralStability))
        parameters = (0...lastTabulatedElement).map { z in
            Parameters(
                molarVolume: volumes[z], surface: surface(volumes[z]), electronDensity: densities[z],
                electronDensityRoot: PortableMath.cbrt(densities[z]), electronegativity: negativities[z], valenceElectrons: valences[z],
                volumeConstant: constants[z], hybridization: hybrids[z], transitionEnthalpy: transitions[z], bulkModulus: bulk[z],
                shearModulus: shear[z], meltingTemperature: melting[z], structuralStability: stability[z])
        }
    }

    /// The parameters of an element.
    func element(_ atomicNumber: UInt8) throws(CandidateDefect) -> Parameters {
        let element = parameters[Int(atomicNumber)]
        if element.molarVolume.isNaN && rejectsMissing {
            throw CandidateDefect.noElementValue(atomicNumber, property: "Miedema parameters")
        }
        return element
    }

    /// Chemical term of a pair: `order` is 8 for an ordered compound, 5 for an amorphous phase, 0 for a solid solution.
    static func chemical(_ a: Parameters, _ b: Parameters, _ xa: Double, _ xb: Double, order: Double) -> Double {
        let difference = a.electronegativity - b.electronegativity
        let (fa, fb) = contact(xa * a.surface, xb * b.surface, order)
        let surfaceA = a.surface * (1 + a.volumeConstant * fa * difference)
        let surfaceB = b.surface * (1 - b.volumeConstant * fb * difference)
        let (contactA, _) = contact(xa * surfaceA, xb * surfaceB, order)
        let transition = xa * a.transitionEnthalpy + xb * b.transitionEnthalpy
        return contactA * xa * surfaceA * interaction(a, b) + transition
    }

    /// Degree to which atoms A are surrounded by B, and B by A, from the surfaces they bring in.
    private static func contact(_ a: Double, _ b: Double, _ order: Double) -> (Double, Double) {
        let (ca, cb) = (a / (a + b), b / (a + b))
        let ordering = 1 + order * (ca * cb * (ca * cb))
        return (cb * ordering, ca * ordering)
    }

    private static func interaction(_ a: Parameters, _ b: Parameters) -> Double {
        let isMixed = a.isTransitionMetal != b.isTransitionMetal
        let p = isMixed ? 12.35 : a.isTransitionMetal ? 14.1 : 10.7
        let hybridization = isMixed ? p * (a.hybridization * b.hybridization) : 0
        let difference = a.electronegativity - b.electronegativity
        let step = a.electronDensityRoot - b.electronDensityRoot
        let energy = -p * (difference * difference) - hybridization + 9.4 * p * (step * step)
        return 2 * energy / (1 / a.electronDensityRoot + 1 / b.electronDensityRoot)
    }

    /// Elastic mismatch of a pair in a solid solution.
    static func elastic(_ a: Parameters, _ b: Parameters, _ xa: Double, _ xb: Double) -> Double {
        if a.bulkModulus == 0 && b.bulkModulus == 0 && a.shearModulus == 0 && b.shearModulus == 0 { return 0 }
        return xa * xb * (xb * solution(of: a, in: b) + xa * solution(of: b, in: a))
    }

    /// Elastic energy of atoms A dissolved in B.
    private static func solution(of a: Parameters, in b: Parameters) -> Double {
        let difference = a.electronegativity - b.electronegativity
        let density = 1 / a.electronDensityRoot + 1 / b.electronDensityRoot
        let volume = a.molarVolume + 1.5 * a.surface / density * difference / a.electronDensity
        let transfer = 1.5 * surface(abs(volume)) / density * difference
        let volumeA = a.molarVolume + transfer / a.electronDensity
        let volumeB = b.molarVolume + transfer / b.electronDensity
        let misfit = volumeA - volumeB
        return 2 * a.bulkModulus * b.shearModulus * (misfit * misfit) / (4 * b.shearModulus * volumeA + 3 * a.bulkModulus * volumeB)
    }

    /// Lattice stability of a mean number of valence electrons: the lowest of fcc, bcc and hcp.
    static func lowestLatticeStability(valenceElectrons: Double) -> Double {
        min(
            interpolated(fcc, at: valenceElectrons),
            min(interpolated(bcc, at: valenceElectrons), interpolated(hcp, at: valenceElectrons)))
    }

    private static func interpolated(_ stability: [Double], at z: Double) -> Double {
        if z.isNaN { return .nan }
        guard let upper = valence.firstIndex(where: { z <= $0 }) else { return 0 }
        if upper == 0 { return stability[0] }
        let width = valence[upper] - valence[upper - 1]
        return (z - valence[upper - 1]) * stability[upper] / width + (valence[upper] - z) * stability[upper - 1] / width
    }

    private static let valence: [Double] = [0, 1, 2, 3, 4, 5, 5.5, 6, 7, 8, 8.5, 9, 10, 11, 12, 13, 14, 15]
    private static let fcc: [Double] = [0, 0, 0, -2, -1.5, 9, 14, 11, -3, -9.5, -11, -9, -2, 1.5, 0, 0, 0, 0]
    private static let bcc: [Double] = [0, 0, 0, 2.2, 2, -9.5, -14.5, -12, 4, 10, 11, 8.5, 1.5, 1.5, 0, 0, 0, 0]
    private static let hcp: [Double] = [0, 0, 0, -2.5, -2.5, 10, 15, 13, -5, -10.5, -11, -8, -1, 2.5, 0, 0, 0, 0]
}

/// Volume to the power 2/3.
private func surface(_ volume: Double) -> Double {
    let root = PortableMath.cbrt(volume)
    return root * root
}
