import MaterialsCore

/// Makes candidates of records.
enum StructureBatchDecoder {
    /// One batch; `first` is the position of the first record and lies on the grid.
    static func batch(_ pending: consuming [PendingStructure], first: Int, plan: StructureColumnPlan) -> CandidateBatch {
        var batch = CandidateBatch(schema: plan.schema)
        for k in pending.indices {
            pending[k].decode()
            append(pending[k], at: CandidateIndex(source: 0, position: first + k), plan, to: &batch)
        }
        return batch
    }

    private static func append(
        _ item: PendingStructure, at index: CandidateIndex, _ plan: StructureColumnPlan, to batch: inout CandidateBatch
    ) {
        switch item.content {
        case .record: preconditionFailure("a record that was not decoded")
        case .defect(let defect, let label): reject(item, index, label, defect, &batch)
        case .decoded(let decoded, let label):
            let own = plan.id(decoded.values) ?? decoded.id ?? label
            do throws(CandidateDefect) {
                let values = try plan.values(decoded.values)
                let id = item.member.id(own: own, ordinal: item.ordinal, isOnly: item.isOnly)
                batch.append(
                    index: index, id: id.utf8, composition: decoded.structure.composition, numeric: values.numeric, text: values.text,
                    structure: decoded.structure)
            } catch {
                reject(item, index, own, CandidateDefect(error.reason, "\(item.member.path): \(error.detail)"), &batch)
            }
        }
    }

    private static func reject(
        _ item: PendingStructure, _ index: CandidateIndex, _ label: String?, _ defect: CandidateDefect, _ batch: inout CandidateBatch
    ) {
        let id = item.member.id(own: label, ordinal: item.ordinal, isOnly: item.isOnly)
        batch.rejections.append(Rejection(index: index, id: id, stage: .read, defect: defect))
    }
}
