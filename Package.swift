// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "MatSieve",
    products: [
        .executable(name: "matsieve", targets: ["matsieve"]),
        .library(name: "MatSieve", targets: ["Screening"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        // System libraries: a module map and a shim, no logic.
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas lapacke", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CSpglib", pkgConfig: "spglib", providers: [.apt(["libsymspg-dev"])]),

        .target(name: "CKernels"),
        .target(name: "MaterialsCore"),
        .target(name: "LinearAlgebra", dependencies: ["COpenBLAS", "CKernels", "MaterialsCore"]),
        .target(name: "Storage", dependencies: ["CHDF5", "CDeflate", "CZlib", "CArchive", "MaterialsCore"]),
        .target(name: "Symmetry", dependencies: ["CSpglib", "MaterialsCore"]),
        .target(name: "Neighborhoods", dependencies: ["CKernels", "MaterialsCore"]),
        .target(name: "Matching", dependencies: ["Symmetry", "MaterialsCore"]),
        .target(name: "Formats", dependencies: ["Symmetry", "MaterialsCore"]),
        .target(name: "Descriptors", dependencies: ["Neighborhoods", "Symmetry", "LinearAlgebra", "CKernels", "MaterialsCore"]),
        .target(name: "Models", dependencies: ["LinearAlgebra", "CKernels", "MaterialsCore"]),
        .target(name: "Selection", dependencies: ["LinearAlgebra", "CKernels", "MaterialsCore"]),
        .target(name: "Stability", dependencies: ["MaterialsCore"]),
        .target(name: "Supply", dependencies: ["MaterialsCore"]),
        .target(name: "Generation", dependencies: ["MaterialsCore"]),
        .target(name: "Reporting", dependencies: ["MaterialsCore"]),
        .target(
            name: "Screening",
            dependencies: [
                "Formats", "Descriptors", "Symmetry", "Matching", "Models", "Selection", "Stability", "Reporting", "Storage",
                "LinearAlgebra", "Supply", "Generation", "MaterialsCore", "Yams",
            ]),
        .executableTarget(
            name: "matsieve",
            dependencies: [
                "Screening", "MaterialsCore", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .target(name: "BenchmarkHarness", dependencies: ["MaterialsCore"], path: "Benchmarks/Harness"),
        .executableTarget(
            name: "matsieve-bench",
            dependencies: [
                "BenchmarkHarness", "Screening", "Formats", "Descriptors", "Neighborhoods", "Models", "Selection", "Stability",
                "Generation", "Storage", "MaterialsCore",
            ],
            path: "Benchmarks/Programs"),

        .target(name: "TestSupport", dependencies: ["MaterialsCore"], path: "Tests/TestSupport"),
        .testTarget(name: "MaterialsCoreTests", dependencies: ["MaterialsCore", "TestSupport"]),
        .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "CKernels", "MaterialsCore", "TestSupport"]),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport"]),
        .testTarget(name: "SymmetryTests", dependencies: ["Symmetry", "MaterialsCore", "TestSupport"]),
        .testTarget(name: "NeighborhoodsTests", dependencies: ["Neighborhoods", "CKernels", "MaterialsCore", "TestSupport"]),
        .testTarget(name: "MatchingTests", dependencies: ["Matching", "MaterialsCore", "TestSupport"]),
        .testTarget(name: "FormatsTests", dependencies: ["Formats", "Symmetry", "MaterialsCore", "TestSupport"]),
        .testTarget(
            name: "DescriptorsTests",
            dependencies: ["Descriptors", "Neighborhoods", "Symmetry", "LinearAlgebra", "CKernels", "MaterialsCore", "TestSupport"]),
        .testTarget(name: "ModelsTests", dependencies: ["Models", "LinearAlgebra", "CKernels", "MaterialsCore", "TestSupport"]),
        .testTarget(name: "SelectionTests", dependencies: ["Selection", "TestSupport"]),
        .testTarget(name: "StabilityTests", dependencies: ["Stability", "MaterialsCore", "TestSupport"]),
        .testTarget(name: "SupplyTests", dependencies: ["Supply", "MaterialsCore", "TestSupport"]),
        .testTarget(name: "GenerationTests", dependencies: ["Generation", "MaterialsCore", "TestSupport"]),
        .testTarget(name: "ReportingTests", dependencies: ["Reporting", "TestSupport"]),
        .testTarget(name: "ScreeningTests", dependencies: ["Screening", "TestSupport"]),
        .testTarget(name: "ScenarioTests", dependencies: ["matsieve"]),
        .testTarget(name: "BenchmarkHarnessTests", dependencies: ["BenchmarkHarness", "MaterialsCore"]),
    ]
)
