import MaterialsCore

/// Points at equal distances onto which numbers are spread as Gaussians.
///
///     value at point k = (Φ((e_{k+1} - x) / σ) - Φ((e_k - x) / σ)) / Δ        e_k: midway between points k - 1 and k
///
/// Φ is the normal distribution: each point holds the mean of the Gaussian over its cell, and the area is kept on any grid.
struct GaussianGrid: Sendable {
    /// First and last point.
    let minimum, maximum: Double
    /// Number of points.
    let count: Int
    /// Standard deviation.
    let sigma: Double
    /// Distance of points.
    let step: Double
    /// Left edge of the first point's cell.
    let start: Double

    init(minimum: Double, maximum: Double, count: Int, sigma: Double) {
        (self.minimum, self.maximum, self.count, self.sigma) = (minimum, maximum, count, sigma)
        step = (maximum - minimum) / Double(count - 1)
        start = minimum - step / 2
    }

    /// How far a Gaussian reaches, in units of √2 σ: erfc(6) is below rounding.
    static let reach = 6.0

    /// Adds the Gaussian of one number, point by point.
    func add(_ x: Double, weight: Double, to points: inout [Double], from first: Int) {
        let width = sigma * 2.squareRoot()
        let low = ((x - Self.reach * width - start) / step).rounded(.down)
        let high = ((x + Self.reach * width - start) / step).rounded(.up)
        guard low < Double(count), high > 0 else { return }
        let cells = Int(max(0, low))..<Int(min(Double(count), high))
        let scale = 0.5 * weight / step
        var before = PortableMath.erf((start + Double(cells.lowerBound) * step - x) / width)
        for k in cells {
            let after = PortableMath.erf((start + Double(k + 1) * step - x) / width)
            points[first + k] += scale * (after - before)
            before = after
        }
    }

    /// Texts of the points' values, with as many digits as tell them apart.
    var labels: [String] {
        var digits = 1.0
        while digits < 1e9, step * digits < 100 { digits *= 10 }
        return (0..<count).map { numberText(((minimum + Double($0) * step) * digits).rounded() / digits) }
    }
}

/// Expands the Gaussian of a number in powers of its distance from the middle of a bin, so that many numbers in one bin cost as much
/// as one.
///
///     Σ_x w_x g_k(x) = Σ_p c_kp Σ_x w_x t^p        t in [-1, 1]: place of x in its bin
///
/// - Numerics: 16 terms over bins of at most 0.71 σ: the remainder is below 10⁻¹³ of the Gaussian's height
/// - Source:   Taylor's series of the error function; its derivatives by the recurrence of the Hermite polynomials
struct GaussianMoments: Sendable {
    typealias Powers = SIMD16<Double>

    let grid: GaussianGrid
    /// A bin is so many cells wide …
    private let cellsPerBin: Int
    /// … or a cell so many bins.
    let binsPerCell: Int
    /// Cells that a Gaussian reaches beyond those of its bin.
    private let margin: Int
    private let firstBin: Int
    /// Number of bins.
    let binCount: Int
    private let scale, offset: Double
    /// For each bin of a cell, for each cell that it reaches: coefficients.
    private let table: [Powers]

    init(_ grid: GaussianGrid) {
        self.grid = grid
        let width = grid.sigma * 2.squareRoot()
        let widest = 0.5 * width / grid.step
        cellsPerBin = widest >= 1 ? Int(widest) : 1
        binsPerCell = widest >= 1 ? 1 : Int((1 / widest).rounded(.up))
        margin = Int((GaussianGrid.reach * width / grid.step).rounded(.up))
        let before = (margin + cellsPerBin - 1) / cellsPerBin * binsPerCell
        firstBin = -before
        binCount = before + (grid.count + margin + cellsPerBin - 1) / cellsPerBin * binsPerCell
        let binWidth = grid.step * Double(cellsPerBin) / Double(binsPerCell)
        scale = 1 / binWidth
        offset = grid.start + Double(firstBin) * binWidth
        var table: [Powers] = []
        for part in 0..<binsPerCell {
            let middle = (Double(part) + 0.5) * Double(cellsPerBin) / Double(binsPerCell)
            let edges = (-margin...cellsPerBin + margin).map {
                Self.powers((Double($0) - middle) * grid.step / width, binWidth / 2 / width)
            }
            for (low, high) in zip(edges, edges.dropFirst()) { table.append((high - low) * (0.5 / grid.step)) }
        }
        self.table = table
    }

    /// Coefficients of erf(z - h t) in t.
    private static func powers(_ z: Double, _ h: Double) -> Powers {
        var p = Powers(repeating: 0)
        p[0] = PortableMath.erf(z)
        // H_{n-1} hⁿ / n!, n = 1 …
        var (last, current) = (0.0, h * (2 / Double.pi.squareRoot()) * PortableMath.exp(-z * z))
        for n in 1..<16 {
            p[n] = -current
            let m = Double(n)
            (last, current) = (current, (2 * z * h * current - 2 * h * h * (m - 1) / m * last) / (m + 1))
        }
        return p
    }

    /// Adds a number to the moments of its bin, which lie at `first` + bin; numbers that reach no point are left out.
    @inline(__always)
    func add(_ x: Double, weight: Double, to moments: inout [Powers], from first: Int) {
        let place = (x - offset) * scale
        guard place >= 0, place < Double(binCount) else { return }
        let bin = Int(place)
        let t = 2 * (place - Double(bin)) - 1
        let t2 = t * t
        let two = SIMD2(weight, weight * t)
        let four = SIMD4(lowHalf: two, highHalf: two * t2)
        let eight = SIMD8(lowHalf: four, highHalf: four * (t2 * t2))
        let fourth = t2 * t2
        moments[first + bin] += Powers(lowHalf: eight, highHalf: eight * (fourth * fourth))
    }

    /// Adds the Gaussians that moments stand for to `points`, times `factor`.
    func spread(_ moments: [Powers], from first: Int, times factor: Double, into points: inout MutableSpan<Double>, at start: Int) {
        let width = cellsPerBin + 2 * margin
        for bin in 0..<binCount where moments[first + bin][0] != 0 {
            let moment = moments[first + bin] * factor
            let place = bin + firstBin
            let cell = (place - modulo(place, binsPerCell)) / binsPerCell * cellsPerBin
            let row = modulo(place, binsPerCell) * width - cell + margin
            for k in max(0, cell - margin)..<max(0, min(grid.count, cell + cellsPerBin + margin)) {
                points[start + k] += Self.sum(moment * table[row + k])
            }
        }
    }

    @inline(__always)
    private static func sum(_ p: Powers) -> Double {
        let eight = p.lowHalf + p.highHalf
        let four = eight.lowHalf + eight.highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }

    private func modulo(_ a: Int, _ b: Int) -> Int { (a % b + b) % b }
}
