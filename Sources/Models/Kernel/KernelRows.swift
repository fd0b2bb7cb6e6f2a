import CKernels

/// Training rows packed for the kernels: covariances of other rows with all of them.
///
/// - Numerics: with `Float` and shapes that take distances from the product, an error of the distance of 10⁻⁷ · (|x|² + |y|²) / ℓ²
struct KernelRows<Scalar: KernelScalar>: Sendable {
    let count: Int
    let columns: Int
    /// `count` filled up to whole panels.
    let width: Int
    let terms: [Term]

    /// One summand of the covariance.
    struct Term: Sendable {
        let form: CovarianceForm
        let variance: Double
        /// What each feature is multiplied by.
        let scales: SharedBuffer<Double>
        let panels: SharedBuffer<Scalar>
        let halfSquares: SharedBuffer<Scalar>
    }

    /// Room for covariances of up to 48 rows.
    struct Workspace {
        let scaled, tiles, rowHalfSquares: SharedBuffer<Scalar>

        init(columns: Int, terms: Int) {
            scaled = SharedBuffer(count: kernelBlockRows * columns, repeating: 0)
            tiles = SharedBuffer(count: kernelBlockRows * columns * terms, repeating: 0)
            rowHalfSquares = SharedBuffer(count: kernelBlockRows * terms, repeating: 0)
        }
    }

    /// Packs standardised rows (count × columns).
    init(_ covariance: Covariance, rows: UnsafePointer<Double>, count: Int, columns: Int) {
        (self.count, self.columns) = (count, columns)
        width = (count + kernelPanelWidth - 1) / kernelPanelWidth * kernelPanelWidth
        let width = width
        terms = covariance.terms.map { term in
            let scales = SharedBuffer((0..<columns).map { term.scale($0) }, padding: 0)
            let scaled = SharedBuffer<Scalar>(count: count * columns, repeating: 0)
            let panels = SharedBuffer<Scalar>(count: width * columns, repeating: 0)
            let halfSquares = SharedBuffer<Scalar>(count: width, repeating: 0)
            for i in 0..<count { Self.scale(rows + i * columns, by: scales, columns, into: scaled.pointer + i * columns) }
            Scalar.packTransposed(scaled.pointer, panels.pointer, columns, count)
            for i in 0..<count {
                var sum: Scalar = 0
                for c in 0..<columns {
                    let x = scaled.pointer[i * columns + c]
                    sum += x * x
                }
                halfSquares.pointer[i] = sum / 2
            }
            return Term(form: term.form, variance: term.variance, scales: scales, panels: panels, halfSquares: halfSquares)
        }
    }

    private static func scale(
        _ row: UnsafePointer<Double>, by scales: SharedBuffer<Double>, _ columns: Int, into target: UnsafeMutablePointer<Scalar>
    ) {
        for c in 0..<columns { target[c] = Scalar(row[c] * scales.pointer[c]) }
    }

    /// Takes up to 48 standardised rows for `values`.
    func load(_ rows: UnsafePointer<Double>, _ rowCount: Int, _ work: Workspace) {
        for (t, term) in terms.enumerated() {
            for r in 0..<rowCount {
                Self.scale(rows + r * columns, by: term.scales, columns, into: work.scaled.pointer + r * columns)
            }
            Scalar.packRows(
                work.scaled.pointer, rowCount, columns, work.tiles.pointer + t * kernelBlockRows * columns,
                work.rowHalfSquares.pointer + t * kernelBlockRows)
        }
    }

    /// Covariances of the loaded rows with training rows `first ..< first + span` (multiples of 32), at a distance of `stride` a row.
    func values(_ work: Workspace, rows: Int, first: Int, span: Int, into values: UnsafeMutablePointer<Scalar>, stride: Int) {
        for (t, term) in terms.enumerated() {
            Scalar.kernelValues(
                term.form.code, term.variance, adds: t > 0, work.tiles.pointer + t * kernelBlockRows * columns,
                work.rowHalfSquares.pointer + t * kernelBlockRows, rows, term.panels.pointer + first * columns,
                term.halfSquares.pointer + first, span, columns, values, stride)
        }
    }

    /// Slopes of one term, times its variance.
    func slopes(
        _ t: Int, _ work: Workspace, rows: Int, first: Int, span: Int, into values: UnsafeMutablePointer<Scalar>, stride: Int
    ) {
        let term = terms[t]
        Scalar.kernelValues(
            term.form.slopeCode, term.variance, adds: false, work.tiles.pointer + t * kernelBlockRows * columns,
            work.rowHalfSquares.pointer + t * kernelBlockRows, rows, term.panels.pointer + first * columns,
            term.halfSquares.pointer + first, span, columns, values, stride)
    }
}

/// Rows that the kernels work on at a time, and columns of a panel.
let (kernelBlockRows, kernelPanelWidth) = (Int(MATSIEVE_KERNEL_BLOCK), Int(MATSIEVE_PANEL))
