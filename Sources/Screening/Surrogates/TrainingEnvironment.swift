import Foundation
import LinearAlgebra

/// On what a model was trained, told beside it and never in its file.
public struct TrainingEnvironment: Encodable, Sendable {
    let host: String
    let threads: Int
    let blasKernels: String
    let peakMemoryBytes: UInt64

    init(threads: Int) {
        host = ProcessInfo.processInfo.hostName
        self.threads = threads
        blasKernels = OpenBLAS.prepare().used
        peakMemoryBytes = peakMemory()
    }
}
