import MaterialsCore

/// One card a model: what it learned from, how well it does, where not to trust it.
enum ModelSection {
    static func html(_ report: RunReport, _ t: ReportLanguage) -> String {
        ReportHTML.section(
            t("Models", "モデル"),
            note: report.models.isEmpty ? "" : t("Figures are for rows that the fit did not see.", "指標は学習に使わなかったデータでの値です。"),
            id: "models", report.models.map { card($0, t) }.joined(separator: "\n"))
    }

    private static func card(_ m: ModelCard, _ t: ReportLanguage) -> String {
        let unit = m.unit.map { " <span class=\"unit\">\(HTMLText.escaped($0))</span>" } ?? ""
        return """
            <article class="model">
            <h3>\(HTMLText.escaped(m.property))\(unit) <span class="soft">\(HTMLText.escaped(m.model))</span></h3>
            \(warnings(m, t).map { "<p class=\"warning\">\($0)</p>" }.joined())
            <div class="columns"><div>\(validation(m, t))\(ModelErrors.coverage(m, t))</div>
            <dl>\(facts(m, t).map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }.joined())</dl></div>
            \(ModelFigures.html(m, t))\(ModelErrors.worst(m, t))
            </article>
            """
    }

    private static func warnings(_ m: ModelCard, _ t: ReportLanguage) -> [String] {
        let held = t(
            "The model file holds rows of its training data: who has the file has them.", "モデルファイルは学習データの一部を含みます。ファイルの共有はデータの共有になります。")
        return m.warnings.map(HTMLText.escaped) + (m.holdsTrainingRows ? [held] : [])
    }

    private static func validation(_ m: ModelCard, _ t: ReportLanguage) -> String {
        guard let v = m.validation, !v.metrics.isEmpty else {
            return "<p class=\"warning\">\(t("Not validated: nothing is known of its errors.", "未検証：誤差は不明です。"))</p>"
        }
        let rows = v.metrics.sorted { $0.key < $1.key }.map { name, figure in
            "<tr><th scope=\"row\">\(HTMLText.escaped(label(name)))</th><td>\(HTMLText.number(figure.mean, spread: figure.std))</td>"
                + "<td class=\"soft\">\(HTMLText.number(m.baseline[name], digits: 3))</td></tr>"
        }
        let baseline = m.task == .regression ? t("predicting the mean", "平均値で予測") : t("commonest class", "最頻クラスで予測")
        let head = "<tr><th></th><th scope=\"col\">\(t("model", "モデル"))</th><th scope=\"col\">\(baseline)</th></tr>"
        let folds = v.folds > 1 && !v.scheme.contains("\(v.folds) ") ? " · \(v.folds) \(t("folds", "分割"))" : ""
        return
            "<table class=\"metrics\"><caption>\(HTMLText.escaped(v.scheme))\(folds)</caption>"
            + "<thead>\(head)</thead><tbody>\(rows.joined())</tbody></table>"
    }

    /// The usual spelling of a figure.
    private static func label(_ metric: String) -> String {
        [
            "mae": "MAE", "rmse": "RMSE", "r2": "R²", "spearman": "Spearman", "roc_auc": "ROC AUC", "f1": "F1",
            "balanced_accuracy": "balanced accuracy", "log_loss": "log loss",
        ][metric] ?? metric
    }

    private static func facts(_ m: ModelCard, _ t: ReportLanguage) -> [(String, String)] {
        let rejected = m.rejectedRows > 0 ? " <span class=\"soft\">(\(HTMLText.count(m.rejectedRows)) \(t("unusable", "使用不可")))</span>" : ""
        let settings = m.settings.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
        let classes = m.classes.isEmpty ? [] : [(t("classes", "クラス"), elements(m.classes))]
        let weights = m.weightColumn.map { [(t("weights", "重み"), HTMLText.escaped($0))] } ?? []
        return [
            (
                t("data", "データ"),
                source(m.data)
            ),
            (t("target", "目的変数"), HTMLText.escaped(m.target)),
        ] + classes + weights + [
            (t("rows", "行数"), HTMLText.count(m.rows) + rejected),
            (t("features", "特徴量"), "\(HTMLText.count(m.featureCount)) · \(HTMLText.escaped(m.descriptors.joined(separator: ", ")))"),
            (t("elements seen", "学習した元素"), elements(m.elements)), (t("known compositions", "既知の組成"), HTMLText.count(m.knownCompositions)),
            (t("settings", "設定"), HTMLText.escaped(settings.isEmpty ? "–" : settings)), (t("seed", "乱数シード"), "\(m.seed)"),
            ("SHA-256", "<code>\(HTMLText.escaped(m.data.sha256))</code>"),
        ]
    }

    private static func source(_ data: ModelCard.TrainingSource) -> String {
        let license = HTMLText.escaped(data.license ?? "")
        return "\(HTMLText.escaped(data.path)) <span class=\"tag\">\(data.dataClass.rawValue)</span> \(license)"
    }

    /// A long list is folded away behind its count.
    private static func elements(_ symbols: [String]) -> String {
        if symbols.isEmpty { return "–" }
        let list = HTMLText.escaped(symbols.joined(separator: " "))
        return symbols.count <= 12 ? list : "<details><summary>\(symbols.count)</summary>\(list)</details>"
    }
}
