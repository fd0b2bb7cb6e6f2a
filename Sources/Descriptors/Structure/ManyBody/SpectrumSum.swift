import MaterialsCore

/// How numbers become Gaussians on a grid: by moments, or one by one where the Gaussians are narrower than the cells.
struct SpectrumBroadening: Sendable {
    let grid: GaussianGrid
    fileprivate let moments: GaussianMoments?

    init(_ grid: GaussianGrid) {
        self.grid = grid
        moments = grid.sigma >= 0.36 * grid.step ? GaussianMoments(grid) : nil
    }
}

/// Spectra in the making: one for each block, a combination of kinds of atoms.
struct SpectrumSum {
    private let broadening: SpectrumBroadening
    private let blocks: Int
    private var moments: [GaussianMoments.Powers]
    private var points: [Double]

    init(_ broadening: SpectrumBroadening, blocks: Int) {
        (self.broadening, self.blocks) = (broadening, blocks)
        moments = Array(repeating: GaussianMoments.Powers(repeating: 0), count: blocks * (broadening.moments?.binCount ?? 0))
        points = Array(repeating: 0, count: broadening.moments == nil ? blocks * broadening.grid.count : 0)
    }

    /// Adds a Gaussian at `x` to a block.
    @inline(__always)
    mutating func add(_ x: Double, weight: Double, block: Int) {
        if let expansion = broadening.moments {
            expansion.add(x, weight: weight, to: &moments, from: block * expansion.binCount)
        } else {
            broadening.grid.add(x, weight: weight, to: &points, from: block * broadening.grid.count)
        }
    }

    /// Adds the spectrum of a block, times a factor, to `features` from `start` on.
    func write(_ block: Int, times factor: Double, into features: inout MutableSpan<Double>, at start: Int) {
        if let expansion = broadening.moments {
            expansion.spread(moments, from: block * expansion.binCount, times: factor, into: &features, at: start)
        } else {
            let count = broadening.grid.count
            for k in 0..<count { features[start + k] += factor * points[block * count + k] }
        }
    }

    /// Empties all blocks.
    mutating func reset() {
        for i in moments.indices { moments[i] = GaussianMoments.Powers(repeating: 0) }
        for i in points.indices { points[i] = 0 }
    }
}
