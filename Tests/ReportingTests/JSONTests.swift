import Foundation
import MaterialsCore
import Testing

@testable import Reporting

@Suite struct JSONTests {
    @Test func reportGolden() throws {
        let text = try ReportJSON.text(ReportFixture.small)
        #expect(
            text == """
                {
                  "schema": 1,
                  "version": "0.1.0",
                  "name": "a <b> & \\"c\\"",
                  "data_class": "open",
                  "counts": {"read": 5, "rejected": 1, "passed": 2, "ranked": 2},
                  "funnel": [
                    {"name": "gap > 1", "in": 4, "out": 2}
                  ],
                  "objectives": [
                    {"property": "gap", "maximize": true, "target": null, "weight": 1},
                    {"property": "cost", "maximize": false, "target": null, "weight": 0.5}
                  ],
                  "properties": [
                    {"name": "gap", "unit": "eV", "has_spread": true, "mean": null, "histogram": null, "classes": null},
                    {"name": "mass", "unit": null, "has_spread": false, "mean": null, "histogram": null, "classes": null}
                  ],
                  "ranking": {
                    "method": "pareto",
                    "score_meaning": {"en": "minus the front", "ja": "フロント"},
                    "extra_columns": ["front", "crowding"],
                    "text_columns": ["note"],
                    "rows": [
                      {
                        "rank": 1,
                        "id": "<script>alert(1)</script>",
                        "formula": "Cu2ZnSnS4",
                        "score": -1,
                        "values": [1.5, 0],
                        "spreads": [0.25, null],
                        "objectives": [1.5, 0.1],
                        "extras": [1, "inf"],
                        "texts": ["say \\"hi\\", twice"],
                        "known": ["gap"]
                      },
                      {
                        "rank": 2,
                        "id": "2",
                        "formula": "SnS",
                        "score": null,
                        "values": [1e-07, null],
                        "spreads": [null, null],
                        "objectives": [1e-07, 3],
                        "extras": [2, 0.30000000000000004],
                        "texts": [""],
                        "known": []
                      }
                    ]
                  },
                  "phase_diagrams": null,
                  "stability_windows": null,
                  "models": [],
                  "rejections": [
                    {
                      "stage": "read",
                      "reason": "bad-formula",
                      "count": 1,
                      "examples": [
                        {"id": "x'>", "detail": "'Xy2': column 1: no element 'Xy'"}
                      ]
                    }
                  ],
                  "inputs": [],
                  "plan": "name: a\\n",
                  "seed": 18446744073709551615,
                  "warnings": [],
                  "warnings_ja": [],
                  "environment": {},
                  "timings": {"started": "2026-01-02T03:04:05Z", "total_seconds": 1.25}
                }

                """)
    }

    @Test func reportReadsBack() throws {
        let report = ReportFixture.realistic()
        let text = try ReportJSON.text(report)
        #expect(try ReportJSON.read(Array(text.utf8), path: "report.json") == report)
        #expect(try ReportJSON.text(try ReportJSON.read(Array(text.utf8), path: "report.json")) == text)
        #expect(text.contains("\"settings\": {\"learning_rate\": \"0.05\", \"leaves\": \"31\", \"trees\": \"400\"}"))
    }

    @Test func otherParsersReadIt() throws {
        var report = ReportFixture.small
        report.name = "quote \" backslash \\ newline \n tab \t bell \u{7} del \u{7f} line \u{2028} 日本 🧪"
        let object = try JSONSerialization.jsonObject(with: Data(try ReportJSON.text(report).utf8)) as? [String: Any]
        #expect(object?["name"] as? String == report.name)
    }

    @Test func environmentAndTimingsComeLast() throws {
        let text = try ReportJSON.text(ReportFixture.realistic())
        var other = ReportFixture.realistic()
        other.environment.set("host", "elsewhere")
        other.timings.set("total_seconds", 99)
        let start = try #require(text.range(of: "\n  \"environment\""))
        #expect(try ReportJSON.text(other).hasPrefix(text[..<start.lowerBound]))
        #expect(try ReportJSON.text(other) != text)
    }

    @Test func damagedReportsAreNamed() {
        for (bytes, hint) in [
            ("", "no JSON"), ("{}", "'schema' is missing"), ("{\"schema\": \"x\"}", "'schema' has the wrong type"), ("\u{0}", "no JSON"),
        ] {
            do {
                _ = try ReportJSON.read(Array(bytes.utf8), path: "d/report.json")
                Issue.record("accepted \(bytes)")
            } catch { #expect("\(error)".hasPrefix("d/report.json is not a report") && "\(error)".contains(hint), "\(error)") }
        }
    }

    @Test func manifest() throws {
        let manifest = RunManifest(
            version: "0.1.0", name: "n", command: ["matsieve", "run", "plan.yaml"], dataClass: .closed, plan: "name: n\n", planSHA256: "00",
            seed: 7,
            inputs: [ReportedInput(role: "candidates", path: "c.csv", sha256: "11", dataClass: .closed)])
        let text = try ManifestJSON.text(manifest)
        #expect(text.contains("\"command\": [\"matsieve\", \"run\", \"plan.yaml\"]"))
        #expect(
            text.contains(
                "{\"role\": \"candidates\", \"path\": \"c.csv\", \"sha256\": \"11\", \"data_class\": \"closed\", \"license\": null, \"source\": null}"
            ))
        #expect(text.contains("\"plan_sha256\": \"00\""))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        #expect(try decoder.decode(RunManifest.self, from: Data(text.utf8)) == manifest)
    }
}
