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
        for case (let name, .model(let file, let target)) in plan.properties.map({ ($0.name, $0.kind) }) {
            let path = plan.resolve(file)
            let read = try files[path] ?? SurrogateFile(path)
            files[path] = read
            loaded[name] = (try read.surrogate(of: target, path: path), read.hash)
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
    /// Identity of each surrogate, in plan order.
    private(set) var models: [RunDescription.Model] = []
    /// Time that went into training; nil where all models were there.
    private(set) var trainingSeconds: Double?

    init(plan: ScreeningPlan, options: RunOptions, files: ModelFiles, workers: Workers, progress: ProgressMeter) {
        (self.plan, self.options, self.files, self.workers, self.progress) = (plan, options, files, workers, progress)
    }

    /// Folder where trained models are kept between runs of the plan.
    private var ownFolder: String { options.folder + "/models" }

    /// Checks names, files and settings without training anything.
    /// - Returns: what the surrogates need of the candidates
    func checkedNeeds() throws -> Needs {
        var needs = Needs()
        for p in plan.properties {
            do {
                switch p.kind {
                case .join, .expression: continue
                case .feature(let name, let descriptor):
                    needs.structuresFor += try FeatureProperty(name, of: descriptor, line: p.line).pipeline.structureDescriptors
                case .model:
                    let features = files[p.name].surrogate.features
                    needs.columns += features.requiredColumns
                    needs.structuresFor += features.structureDescriptors
                case .train(let training):
                    needs.columns += training.columns + (try training.descriptorColumns())
                    needs.structuresFor += try training.structureDescriptors()
                    try SurrogateTrainer.checkNames(training, path: plan.resolve(training.file))
                }
            } catch let e as MatSieveError {
                throw e.message.hasPrefix("line ") ? e.at(options.planPath) : e
            }
        }
        return needs
    }

    /// What surrogates read of the candidates beside compositions.
    struct Needs {
        var columns: [CandidateColumn] = []
        /// Descriptors that need structures.
        var structuresFor: [String] = []
    }

    /// All surrogates by property; trains what is missing.
    mutating func surrogates() throws -> [String: Surrogate] {
        var result: [String: Surrogate] = [:]
        for p in plan.properties {
            switch p.kind {
            case .join, .expression, .feature: continue
            case .model(let file, _):
                let (surrogate, hash) = files[p.name]
                add(p.name, file: file, hash: hash, surrogate, &result)
            case .train(let training):
                let (surrogate, hash) = try trained(training, property: p.name)
                add(p.name, file: nil, hash: hash, surrogate, &result)
            }
        }
        return result
    }

    private mutating func add(_ property: String, file: String?, hash: String, _ surrogate: Surrogate, _ result: inout [String: Surrogate])
    {
        result[property] = surrogate
        models.append(.init(property: property, file: file, sha256: hash, card: surrogate.card))
    }

    /// A model trained before; its card must say what its name promises.
    private func loaded(_ path: String, for trainer: SurrogateTrainer) throws -> (Surrogate, String) {
        let file = try SurrogateFile(path)
        let surrogate = try file.surrogate(of: nil, path: path)
        guard surrogate.card.property == trainer.property, surrogate.card.data.sha256 == trainer.dataHash else {
            throw MatSieveError.input("\(path): is the model of something else than its name says; remove it and it is trained anew")
        }
        return (surrogate, file.hash)
    }

    private mutating func trained(_ training: TrainingPlan, property: String) throws -> (Surrogate, String) {
        let trainer = try SurrogateTrainer(
            training, property: property, path: plan.resolve(training.file), displayPath: training.file, workers: workers)
        let name = trainer.fileName
        if let folder = options.modelsFolder, !FileManager.default.fileExists(atPath: folder) {
            throw MatSieveError.usage("--models \(folder): no such folder; 'matsieve run PLAN --prepare' makes one")
        }
        for folder in [options.modelsFolder, ownFolder].compactMap({ $0 }) {
            let path = folder + "/" + name
            if FileManager.default.fileExists(atPath: path) { return try loaded(path, for: trainer) }
        }
        progress.begin("training \(property) (\(training.model.name), \(grouped(UInt64(trainer.rowCount))) rows)")
        let started = ContinuousClock.now
        let surrogate = try trainer.train()[0].surrogate
        trainingSeconds = (trainingSeconds ?? 0) + (ContinuousClock.now - started) / .seconds(1)
        progress.end()
        try makeFolder(ownFolder)
        return (surrogate, try SurrogateFile.save([surrogate], to: ownFolder + "/" + name))
    }
}
