import MaterialsCore

/// Maps values to places on a chart, with ticks at round numbers.
struct AxisScale {
    /// Below it steps between ticks would be lost in subnormal numbers.
    private static let leastWidth = 1e-290

    /// Values at the two ends.
    let domain: ClosedRange<Double>
    /// Places of the two ends.
    let start: Double
    let end: Double
    /// Round numbers inside the domain.
    let ticks: [Double]

    /// A scale that holds all `values`, with some air, from `start` to `end`; nil where they lie too far apart to be drawn.
    init?(_ values: [Double], start: Double, end: Double, tickCount: Int = 5) {
        let low = values.min() ?? 0
        let high = values.max() ?? 1
        let air = high - low > Self.leastWidth ? (high - low) * 0.06 : max(abs(low) * 0.1, 0.5)
        self.init(domain: (low - air)...(high + air), start: start, end: end, tickCount: tickCount)
    }

    /// A scale of exactly this domain; nil where its width is infinite or next to nothing.
    init?(domain: ClosedRange<Double>, start: Double, end: Double, tickCount: Int = 5) {
        let width = domain.upperBound - domain.lowerBound
        guard width.isFinite, width > Self.leastWidth else { return nil }
        (self.domain, self.start, self.end) = (domain, start, end)
        let step = Self.roundStep(width / Double(tickCount))
        let first = Int((domain.lowerBound / step).rounded(.up))
        let last = Int((domain.upperBound / step).rounded(.down))
        ticks = first <= last ? (first...last).map { Double($0) * step } : []
    }

    /// The place of a value.
    func place(_ value: Double) -> Double {
        start + (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound) * (end - start)
    }

    /// The text of a tick, without the noise of binary fractions.
    func text(_ tick: Double) -> String {
        if abs(tick) < (domain.upperBound - domain.lowerBound) * 1e-9 { return "0" }
        let text = HTMLText.number(tick, digits: 3)
        if text.contains("×") { return numberText(tick) }
        guard text.contains(".") else { return text }
        return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }

    /// 1, 2 or 5 times a power of ten, not below `step`.
    private static func roundStep(_ step: Double) -> Double {
        guard step.isFinite, step > 0 else { return 1 }
        var power = 1.0
        while power > step { power /= 10 }
        while power * 10 <= step { power *= 10 }
        for factor in [1.0, 2, 5] where factor * power >= step { return factor * power }
        return 10 * power
    }
}
