/// An error that a user can mend: one line that says what, where, and what to do.
public struct MatSieveError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Decides the exit code of the command.
    public enum Kind: Int32, Sendable {
        /// The command line or the plan is wrong; nothing was written.
        case usage = 2
        /// The input cannot be used.
        case input = 3
        /// Finished, but more was rejected than allowed.
        case tooManyRejected = 4
        /// Stopped before the end; what stands can be continued.
        case stopped = 75
    }

    /// Decides the exit code.
    public var kind: Kind
    /// One line.
    public var message: String

    /// Makes an error.
    public init(_ kind: Kind, _ message: String) { (self.kind, self.message) = (kind, message) }

    /// The command line, a plan or a setting is wrong.
    public static func usage(_ message: String) -> MatSieveError { MatSieveError(.usage, message) }
    /// An input cannot be used.
    public static func input(_ message: String) -> MatSieveError { MatSieveError(.input, message) }
    /// The run stopped before its end.
    public static func stopped(_ message: String) -> MatSieveError { MatSieveError(.stopped, message) }

    /// The line.
    public var description: String { message }
}
