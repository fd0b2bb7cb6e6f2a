import Foundation
import MaterialsCore
import Models
import Storage

/// The models that a plan names by file, by property.
struct ModelFiles: Sendable {
    private let loaded: [String: (surrogate: Surrogate, hash: String)]

    /// Reads each file once.
    init(_ plan: ScreeningPlan) throws {
        var loaded: [String: (surrogate: Surrogate, hash: String)] = [:]
        var files: [String: SurrogateFile] = [:]
        for property in plan.properties {
            guard let model = property.kind as? ModelProperty else { continue }
            let path = plan.resolve(model.file)
            let read = try files[path] ?? SurrogateFile(path)
            files[path] = read
            loaded[property.name] = (try read.surrogate(of: model.target, path: path), read.hash)
        }
        self.loaded = loaded
    }

    /// The model of a property of the kind `model`.
    subscript(property: String) -> (surrogate: Surrogate, hash: String) { loaded[property]! }
}

/// Finds the surrogates of a plan: loads model files, takes trained ones from a folder, trains what is missing.
struct SurrogateProvider {
    let plan: ScreeningPlan
    let options: RunOptions
    let files: ModelFiles
    let workers: Workers
    let progress: ProgressMeter

    init(plan: ScreeningPlan, options: RunOptions, files: ModelFiles, workers: Workers, progress: ProgressMeter) {
        (self.plan, self.options, self.files, self.workers, self.progress) = (plan, options, files, workers, progress)
    }

    /// Folder where trained models are kept between runs of the plan.
    private var ownFolder: String { options.folder + "/models" }

    /// A model trained before; its card must say what its name promises.
    private func loaded(_ path: String, for trainer: SurrogateTrainer) throws -> (Surrogate, String) {
        let file = try SurrogateFile(path)
        let surrogate = try file.surrogate(of: nil, path: path)
        guard surrogate.card.property == trainer.property, surrogate.card.data.sha256 == trainer.dataHash else {
            throw MatSieveError.input("\(path): is the model of something else than its name says; remove it and it is trained anew")
        }
        return (surrogate, file.hash)
    }

    /// The surrogate of a property that the plan trains, its file's hash, and the time it took; nil where it was trained before.
    func trained(_ training: TrainingPlan, property: String) throws -> (Surrogate, hash: String, seconds: Double?) {
        let trainer = try SurrogateTrainer(
            training, property: property, path: plan.resolve(training.file), displayPath: training.file, workers: workers)
        let name = trainer.fileName
        if let folder = options.modelsFolder, !FileManager.default.fileExists(atPath: folder) {
            throw MatSieveError.usage("--models \(folder): no such folder; 'matsieve run PLAN --prepare' makes one")
        }
        for folder in [options.modelsFolder, ownFolder].compactMap({ $0 }) {
            let path = folder + "/" + name
            if FileManager.default.fileExists(atPath: path) {
                let (surrogate, hash) = try loaded(path, for: trainer)
                return (surrogate, hash, nil)
            }
        }
        progress.begin("training \(property) (\(training.model.name), \(grouped(UInt64(trainer.rowCount))) rows)")
        let started = ContinuousClock.now
        let surrogate = try trainer.train()[0].surrogate
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        progress.end()
        try makeFolder(ownFolder)
        return (surrogate, try SurrogateFile.save([surrogate], to: ownFolder + "/" + name), seconds)
    }
}
