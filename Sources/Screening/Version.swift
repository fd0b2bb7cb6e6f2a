/// The engine's version; part of every model's name and every run's identity.
public enum MatSieve {
    /// Semantic version.
    public static let version = "0.1.0"
}
