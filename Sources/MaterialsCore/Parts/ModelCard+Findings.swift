extension ModelCard {
    /// How well a model knows its own error, judged on rows that no fit and no calibration saw.
    public struct CalibrationSummary: Codable, Equatable, Sendable {
        /// Rows that it was judged on.
        public var rows: Int
        /// Regression: share of rows inside the intervals of each nominal level.
        public var coverage: [Coverage]
        /// Area between the observed and the nominal shares, 0 (perfect) to 0.5.
        ///
        /// Regression: of Gaussian quantiles; classification: mean gap between probability and observed share.
        public var miscalibrationArea: Double
        /// Regression: root mean square of the standard deviations, in the target's unit.
        public var sharpness: Double?
        /// Error in bins of equal row count, from the most to the least certain.
        public var errorBySpread: [SpreadBin]

        /// A nominal level and what was seen.
        public struct Coverage: Codable, Equatable, Sendable {
            /// 0.5, 0.8, 0.9, 0.95.
            public var nominal: Double
            /// Share of rows inside.
            public var observed: Double
            /// Half the interval's width in standard deviations, fitted on all held-out rows; what predictions use.
            public var factor: Double

            /// Names a level.
            public init(nominal: Double, observed: Double, factor: Double) {
                (self.nominal, self.observed, self.factor) = (nominal, observed, factor)
            }
        }

        /// Rows of like certainty.
        public struct SpreadBin: Codable, Equatable, Sendable {
            /// Rows in it.
            public var rows: Int
            /// Regression: root mean square standard deviation; classification: mean probability of class 1, or of the named class.
            public var spread: Double
            /// Regression: root mean square error; classification: observed share.
            public var observed: Double
            /// Regression: mean absolute error.
            public var mae: Double?

            /// Describes a bin.
            public init(rows: Int, spread: Double, observed: Double, mae: Double? = nil) {
                (self.rows, self.spread, self.observed, self.mae) = (rows, spread, observed, mae)
            }
        }

        /// Describes a calibration.
        public init(rows: Int, coverage: [Coverage], miscalibrationArea: Double, sharpness: Double?, errorBySpread: [SpreadBin]) {
            (self.rows, self.coverage, self.miscalibrationArea) = (rows, coverage, miscalibrationArea)
            (self.sharpness, self.errorBySpread) = (sharpness, errorBySpread)
        }
    }

    /// Error after learning from some rows.
    public struct LearningPoint: Codable, Equatable, Sendable {
        /// Rows learned from.
        public var rows: Int
        /// Metrics on the same held-out rows by name.
        public var metrics: [String: Double]

        /// Names a point.
        public init(rows: Int, metrics: [String: Double]) { (self.rows, self.metrics) = (rows, metrics) }
    }

    /// A row that the model gets wrong.
    public struct WorstError: Codable, Equatable, Sendable {
        /// Its label.
        public var id: String
        /// Its formula.
        public var formula: String
        /// Target; code of the class in a classification.
        public var observed: Double
        /// Held-out prediction.
        public var predicted: Double
        /// Held-out standard deviation, or probability; nil where there is none.
        public var spread: Double?

        /// Names a row.
        public init(id: String, formula: String, observed: Double, predicted: Double, spread: Double?) {
            (self.id, self.formula, self.observed, self.predicted, self.spread) = (id, formula, observed, predicted, spread)
        }
    }

    /// How much a feature matters.
    public struct FeatureImportance: Codable, Equatable, Sendable {
        /// Label of the feature.
        public var feature: String
        /// Growth of the error (mean absolute error; log loss) when its held-out values are shuffled.
        public var permutation: Double
        /// Mean |SHAP value| over the training rows (at most 1,000); trees only.
        public var shap: Double?

        /// Names a feature.
        public init(feature: String, permutation: Double, shap: Double? = nil) {
            (self.feature, self.permutation, self.shap) = (feature, permutation, shap)
        }
    }
}
