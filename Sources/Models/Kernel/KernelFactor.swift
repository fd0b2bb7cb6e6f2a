/// A matrix F packed for quadratic forms |F·k|² of rows of covariances: what they explain of a variance.
struct KernelFactor<Scalar: KernelScalar>: Sendable {
    /// Rows and columns of F, one a training row.
    let size: Int
    /// F is lower triangular.
    let isTriangular: Bool
    let panels: SharedBuffer<Scalar>

    /// Packs a row-major matrix; of a triangular one only the lower triangle is read.
    init(size: Int, isTriangular: Bool, _ value: (_ row: Int, _ column: Int) -> Scalar) {
        (self.size, self.isTriangular) = (size, isTriangular)
        let offsets = Self.offsets(size, isTriangular)
        panels = SharedBuffer(count: offsets.last!, repeating: 0)
        for row in 0..<size {
            let (panel, place) = (row / kernelPanelWidth, row % kernelPanelWidth)
            let start = panels.pointer + offsets[panel] + place
            for column in 0..<(isTriangular ? row + 1 : size) { start[column * kernelPanelWidth] = value(row, column) }
        }
    }

    private static func offsets(_ size: Int, _ isTriangular: Bool) -> [Int] {
        var result = [0]
        for first in stride(from: 0, to: size, by: kernelPanelWidth) {
            result.append(result.last! + kernelPanelWidth * (isTriangular ? min(size, first + kernelPanelWidth) : size))
        }
        return result
    }

    /// The values, row by row; of a triangular matrix only the lower triangle.
    var values: [Scalar] {
        let offsets = Self.offsets(size, isTriangular)
        var result: [Scalar] = []
        result.reserveCapacity(Self.valueCount(size, isTriangular: isTriangular))
        for row in 0..<size {
            let start = panels.pointer + offsets[row / kernelPanelWidth] + row % kernelPanelWidth
            for column in 0..<(isTriangular ? row + 1 : size) { result.append(start[column * kernelPanelWidth]) }
        }
        return result
    }

    /// How many `values` has.
    static func valueCount(_ size: Int, isTriangular: Bool) -> Int { isTriangular ? size * (size + 1) / 2 : size * size }

    /// Takes what `values` gave.
    init(size: Int, isTriangular: Bool, values: [Scalar]) {
        self.init(size: size, isTriangular: isTriangular) { row, column in
            values[isTriangular ? row * (row + 1) / 2 + column : row * size + column]
        }
    }
}
