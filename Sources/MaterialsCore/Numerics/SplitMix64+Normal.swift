extension SplitMix64 {
    /// Two independent draws of the standard normal distribution, the same on every machine.
    ///
    ///     √(-2 log u) · (cos 2πv, sin 2πv)
    ///
    /// - Source: G. E. P. Box, M. E. Muller, Ann. Math. Stat. 29, 610 (1958), doi:10.1214/aoms/1177706645
    public mutating func nextNormalPair() -> (Double, Double) {
        // 1 - u is never 0.
        let radius = (-2 * PortableMath.log(1 - nextUnit())).squareRoot()
        let angle = 2 * Double.pi * nextUnit()
        return (radius * PortableMath.cos(angle), radius * PortableMath.sin(angle))
    }

    /// Draws of the standard normal distribution.
    public mutating func normals(_ count: Int) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(count + 1)
        while result.count < count {
            let (a, b) = nextNormalPair()
            result.append(a)
            result.append(b)
        }
        if result.count > count { result.removeLast() }
        return result
    }
}
