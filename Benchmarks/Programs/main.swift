import BenchmarkHarness
import Foundation

exit(BenchmarkCommand.main(allBenchmarks))
