/// What a command works with: threads, and the request to stop.
public struct Workers: Sendable {
    /// Threads; results do not depend on them.
    public var threads: Int
    /// Set by a signal.
    public var interruption: Interruption

    /// Some threads.
    public init(threads: Int, interruption: Interruption = Interruption()) { (self.threads, self.interruption) = (threads, interruption) }
}
