import MaterialsCore

/// The data names that say where the atoms are.
///
/// Case, `.` or `-` for `_`, and underscores at the end do not count, so names of CIF 1.1, of later dictionaries (`_cell.length_a`) and
/// the variants that programs write are one.
enum CIFTag: UInt8, CaseIterable {
    case other
    case lengthA, lengthB, lengthC, angleAlpha, angleBeta, angleGamma, crystalSystem, modulation
    case operation, magneticOperation, magneticCentering
    case hallSymbol, symbol, number, settingCode, magneticGroup
    case label, element, x, y, z, cartesianX, cartesianY, cartesianZ, occupancy, calculation, multiplicity
    case atomSite

    /// True for columns of the list of atoms.
    var isOfAtoms: Bool { rawValue >= CIFTag.label.rawValue }

    private static let names: [(CIFTag, [String])] = [
        (.lengthA, ["_cell_length_a"]), (.lengthB, ["_cell_length_b"]), (.lengthC, ["_cell_length_c"]),
        (.angleAlpha, ["_cell_angle_alpha"]), (.angleBeta, ["_cell_angle_beta"]), (.angleGamma, ["_cell_angle_gamma"]),
        (.crystalSystem, ["_symmetry_cell_setting", "_space_group_crystal_system"]),
        (.modulation, ["_cell_modulation_dimension"]),
        (.operation, ["_symmetry_equiv_pos_as_xyz", "_space_group_symop_operation_xyz"]),
        (.magneticOperation, ["_space_group_symop_magn_operation_xyz"]),
        (.magneticCentering, ["_space_group_symop_magn_centering_xyz"]),
        (.hallSymbol, ["_symmetry_space_group_name_hall", "_space_group_name_hall"]),
        (
            .symbol,
            [
                "_symmetry_space_group_name_h_m", "_space_group_name_h_m_alt", "_space_group_name_h_m", "_space_group_name_h_m_full",
                "_space_group_name_h_m_ref", "_symmetry_space_group_name_h_m_full",
            ]
        ),
        (.number, ["_symmetry_int_tables_number", "_space_group_it_number"]),
        (.settingCode, ["_space_group_it_coordinate_system_code"]),
        (.magneticGroup, ["_space_group_magn_name_bns", "_space_group_magn_number_bns"]),
        (.label, ["_atom_site_label"]), (.element, ["_atom_site_type_symbol"]),
        (.x, ["_atom_site_fract_x"]), (.y, ["_atom_site_fract_y"]), (.z, ["_atom_site_fract_z"]),
        (.cartesianX, ["_atom_site_cartn_x"]), (.cartesianY, ["_atom_site_cartn_y"]), (.cartesianZ, ["_atom_site_cartn_z"]),
        (.occupancy, ["_atom_site_occupancy"]), (.calculation, ["_atom_site_calc_flag"]),
        (.multiplicity, ["_atom_site_symmetry_multiplicity", "_atom_site_site_symmetry_multiplicity"]),
        (.atomSite, ["_atom_site_id", "_atom_site_wyckoff_symbol", "_atom_site_u_iso_or_equiv", "_atom_site_b_iso_or_equiv"]),
    ]

    /// The tag of a data name.
    static func of(_ bytes: Span<UInt8>, _ range: Range<Int>) -> CIFTag {
        let hash = hash(bytes, range)
        var slot = Int(hash >> 56)
        while true {
            let entry = table[slot]
            if entry.hash == hash { return entry.tag }
            if entry.tag == .other { return .other }
            slot = (slot + 1) & 255
        }
    }

    /// FNV-1a of the normalised name.
    private static func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        var end = range.upperBound
        while end > range.lowerBound, bytes[end - 1] == UInt8(ascii: "_") { end -= 1 }
        var h: UInt64 = 0xcbf2_9ce4_8422_2325
        var i = range.lowerBound
        while i < end {
            var b = bytes[i]
            if b >= 65, b <= 90 { b |= 32 }
            if b == UInt8(ascii: ".") || b == UInt8(ascii: "-") { b = UInt8(ascii: "_") }
            h = (h ^ UInt64(b)) &* 0x100_0000_01b3
            i += 1
        }
        return h
    }

    /// Open addressing by the top byte of the hash.
    private static let table: [(hash: UInt64, tag: CIFTag)] = {
        var slots = [(hash: UInt64, tag: CIFTag)](repeating: (0, .other), count: 256)
        for (tag, names) in names {
            for name in names {
                let bytes = Array(name.utf8)
                let hash = hash(bytes.span, bytes.indices)
                var slot = Int(hash >> 56)
                while slots[slot].tag != .other { slot = (slot + 1) & 255 }
                slots[slot] = (hash, tag)
            }
        }
        return slots
    }()
}
