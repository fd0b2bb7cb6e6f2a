/// Collects the settings that are asked for while parts are read, those of nested mappings too.
///
/// - Scope: what is read within the closure, on the same task.
public final class SettingsRecord: @unchecked Sendable {  // Only one task ever holds one.
    @TaskLocal static var current: SettingsRecord?
    private var asked: [(subject: String, setting: SettingDescription)] = []

    private init() {}

    /// What `read` asks for in the order of asking, each key of a mapping once; and where it stopped, if it did.
    public static func during(
        _ read: () throws -> Void
    ) -> (asked: [(subject: String, setting: SettingDescription)], error: MatSieveError?) {
        let record = SettingsRecord()
        do { try $current.withValue(record) { try read() } } catch { return (record.asked, error as? MatSieveError) }
        return (record.asked, nil)
    }

    func note(_ setting: SettingDescription, of subject: String) {
        if asked.contains(where: { $0.subject == subject && $0.setting.key == setting.key }) { return }
        asked.append((subject, setting))
    }
}
