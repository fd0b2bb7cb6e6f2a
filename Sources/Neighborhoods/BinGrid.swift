import MaterialsCore

/// Cuts of the cell and what reaches how far.
struct BinGrid {
    let frame: SearchFrame
    /// Bins along each search vector.
    var bins = SIMD3<Int>(1, 1, 1)
    /// Fractional coordinate where the first bin begins, and bins in a unit of it.
    var origin = SIMD3<Double>(0, 0, 0)
    var scale = SIMD3<Double>(1, 1, 1)
    /// Cutoff in units of the search vectors.
    var reach = SIMD3<Double>(0, 0, 0)

    init(_ frame: SearchFrame, _ atoms: PlacedAtoms, radius: Double) {
        self.frame = frame
        let spacings = frame.spacings
        var wanted = SIMD3<Double>(0, 0, 0)
        for axis in 0..<3 {
            reach[axis] = radius / spacings[axis]
            var extent = 1.0
            if frame.periodic[axis] == 0 {
                let coordinates = atoms.places.map { frame.fractional($0)[axis] }
                origin[axis] = coordinates.min() ?? 0
                extent = max((coordinates.max() ?? 0) - origin[axis], 1e-3 * reach[axis])
            }
            scale[axis] = 1 / extent
            // Bins along the third vector cost nothing more, so they may be finer.
            wanted[axis] = max(1, extent / reach[axis] * (axis == 2 ? 3 : 1))
        }
        // Empty bins cost time too.
        let most = Double(max(64, 4 * atoms.count))
        while wanted.x * wanted.y * wanted.z > most {
            let axis = wanted.x >= wanted.y && wanted.x >= wanted.z ? 0 : wanted.y >= wanted.z ? 1 : 2
            wanted[axis] = max(1, wanted[axis] / 2)
        }
        for axis in 0..<3 {
            bins[axis] = Int(wanted[axis])
            scale[axis] *= Double(bins[axis])
        }
    }

    /// The bin of a fractional coordinate; rounding at the faces is pulled inside.
    @inline(__always) func bin(_ g: Double, _ axis: Int) -> Int {
        max(0, min(bins[axis] &- 1, floorInt((g - origin[axis]) * scale[axis])))
    }

    /// The bins that lie within reach of a fractional coordinate, in images of the cell where the axis repeats.
    @inline(__always) func nearby(_ g: Double, _ axis: Int) -> (Int, Int) {
        let low = (g - reach[axis] - origin[axis]) * scale[axis] - 1e-6
        let high = (g + reach[axis] - origin[axis]) * scale[axis] + 1e-6
        if frame.periodic[axis] == 0 {
            let last = Double(bins[axis] &- 1)
            return (Int(max(0, min(last, low))), Int(max(0, min(last, high))))
        }
        return (floorInt(low), floorInt(high))
    }
}
