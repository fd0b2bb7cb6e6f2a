import ArgumentParser
import Foundation
import MaterialsCore
import Screening

/// Runs the command line and ends the process with the exit codes of the contract.
enum CommandLineEntry {
    nonisolated static func main() -> Never {
        // A reader that closes its end (head, less) ends us quietly.
        signal(SIGPIPE, SIG_DFL)
        do {
            var command = try MatSieveCommand.parseAsRoot()
            try command.run()
            exit(0)
        } catch let error as MatSieveError {
            fail(error.message, error.kind.rawValue)
        } catch {
            let code = MatSieveCommand.exitCode(for: error)
            if code == .success {
                print(MatSieveCommand.fullMessage(for: error))
                exit(0)
            }
            if code == .validationFailure { fail(usageLine(MatSieveCommand.message(for: error)), 2) }
            fail("internal error, please report it: \(error)", 1)
        }
    }

    private nonisolated static func usageLine(_ message: String) -> String {
        let line = message.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
        return line + " (matsieve --help lists the commands)"
    }

    private nonisolated static func fail(_ message: String, _ code: Int32) -> Never {
        let whole = message.replacingOccurrences(of: "\n", with: " ")
        let line = whole.count > 600 ? whole.prefix(600) + " …" : whole
        StandardError.write("matsieve: \(line)\n")
        exit(code)
    }
}

/// The command and its subcommands.
struct MatSieveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matsieve",
        abstract: "Screens candidate materials: describes, predicts, drops, ranks and reports.",
        version: MatSieve.version,
        subcommands: [
            Run.self, Import.self, Export.self, Info.self, Describe.self, Train.self, Predict.self, Convert.self, Graph.self, Dedupe.self,
            Hull.self,
            Suggest.self,
            Merge.self,
            Report.self,
            List.self,
        ])
}
