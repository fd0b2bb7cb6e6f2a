import MaterialsCore
import TestSupport
import Testing

@testable import Formats

@Suite struct CIFFormatTests {
    /// Rock salt, with all that may be changed.
    static func salt(
        cell: String =
            "_cell_length_a 5.64(1)\n_cell_length_b 5.64\n_cell_length_c 5.64\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90",
        symmetry: String = "_symmetry_space_group_name_H-M 'F m -3 m'",
        columns: String = "_atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z",
        atoms: String = "Na 0 0 0\nCl 0.5 0.5 0.5"
    ) -> String {
        "data_salt\n\(cell)\n\(symmetry)\nloop_\n\(columns)\n\(atoms)\n"
    }

    static func decode(_ text: String) throws -> [Result<DecodedStructure, CandidateDefect>] { try decode(Array(text.utf8)) }

    static func decode(_ bytes: [UInt8], chunk: Int = .max) throws -> [Result<DecodedStructure, CandidateDefect>] {
        let reader = try CIFFormat.records(in: inMemoryInput(bytes, path: "text.cif", chunk: chunk))
        var results: [Result<DecodedStructure, CandidateDefect>] = []
        do {
            while let record = try reader.next() {
                do throws(CandidateDefect) { results.append(.success(try CIFFormat.decode(record))) } catch {
                    results.append(.failure(error))
                }
            }
        } catch let defect as CandidateDefect { results.append(.failure(defect)) }
        return results
    }

    static func only(_ text: String) throws -> CrystalStructure {
        let all = try decode(text)
        #expect(all.count == 1)
        return try all[0].get().structure
    }

    /// Amounts by symbol.
    static func amounts(_ crystal: CrystalStructure) -> [String: Double] {
        let composition = crystal.composition
        return Dictionary(
            uniqueKeysWithValues: zip(composition.atomicNumbers, composition.amounts).map {
                (Element.symbols[Int($0)], ($1 * 1e9).rounded() / 1e9)
            })
    }

    @Test func readsRockSalt() throws {
        let all = try Self.decode(Self.salt())
        let decoded = try #require(all.first).get()
        #expect(decoded.id == "salt")
        #expect(decoded.structure.siteCount == 8 && !decoded.structure.isDisordered)
        #expect(decoded.structure.lattice == Lattice(lengths: SIMD3(5.64, 5.64, 5.64), degrees: SIMD3(90, 90, 90)))
        #expect(Self.amounts(decoded.structure) == ["Na": 4, "Cl": 4])
        #expect(Set(decoded.structure.positions) == Set(decoded.structure.positions.map(\.wrapped)))
    }

    @Test(
        arguments: [
            "_symmetry_space_group_name_Hall '-F 4 2 3'", "_symmetry_Int_Tables_number 225", "_space_group_IT_number 225",
            "_space_group_name_H-M_alt \"F 4/m -3 2/m\"", "_SPACE_GROUP.NAME_H-M_ALT Fm3m", "_symmetry_space_group_name_H-M_ fm-3m",
            "_symmetry_space_group_name_H-M\n;F m -3 m\n;", "_symmetry_space_group_name_H-M ?\n_symmetry_Int_Tables_number 225",
        ])
    func symmetryInOtherWords(_ symmetry: String) throws {
        #expect(try Self.only(Self.salt(symmetry: symmetry)).siteCount == 8)
    }

    @Test func operatorsComeFirst() throws {
        let list =
            "_symmetry_space_group_name_H-M 'F m -3 m'\nloop_\n_symmetry_equiv_pos_site_id\n_symmetry_equiv_pos_as_xyz\n1 x,y,z\n2 '1/2+x, 1/2+y, z'"
        #expect(try Self.only(Self.salt(symmetry: list)).siteCount == 4)
        #expect(try Self.only(Self.salt(symmetry: "_symmetry_equiv_pos_as_xyz 'x,y,z'")).siteCount == 2)
        #expect(try Self.only(Self.salt(symmetry: "")).siteCount == 2)
        // The identity is in every group.
        #expect(try Self.only(Self.salt(symmetry: "_space_group_symop_operation_xyz 1/2+x,1/2+y,z")).siteCount == 4)
    }

    @Test func magneticOperatorsTimesCentrings() throws {
        let list = """
            loop_
            _space_group_symop_magn_operation.id
            _space_group_symop_magn_operation.xyz
            1 x,y,z,+1
            2 -x,-y,-z,-1
            loop_
            _space_group_symop_magn_centering.id
            _space_group_symop_magn_centering.xyz
            1 x,y,z,+1
            2 x+1/2,y,z,-1
            """
        #expect(try Self.only(Self.salt(symmetry: list, atoms: "Na 0.1 0.2 0.3")).siteCount == 4)
    }

    @Test func originByMultiplicity() throws {
        // Diamond: at 1/8 with the origin at the centre, at 0 with the other.
        let name = "_symmetry_space_group_name_H-M 'F d -3 m'"
        let columns = "_atom_site_label _atom_site_symmetry_multiplicity _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z"
        #expect(try Self.only(Self.salt(symmetry: name, columns: columns, atoms: "C 8 0.125 0.125 0.125")).siteCount == 8)
        #expect(try Self.only(Self.salt(symmetry: name, columns: columns, atoms: "C 8 0 0 0")).siteCount == 8)
        // Without multiplicities: origin 1, unless the symbol says otherwise.
        #expect(try Self.only(Self.salt(symmetry: name, atoms: "C 0 0 0")).siteCount == 8)
        #expect(try Self.only(Self.salt(symmetry: name + "\n_space_group_IT_coordinate_system_code 2", atoms: "C 0 0 0")).siteCount == 16)
        #expect(try Self.only(Self.salt(symmetry: "_symmetry_space_group_name_H-M 'F d -3 m :2'", atoms: "C 0 0 0")).siteCount == 16)
    }

    @Test func axesByCell() throws {
        let rhombohedral =
            "_cell_length_a 4.7\n_cell_length_b 4.7\n_cell_length_c 4.7\n_cell_angle_alpha 57\n_cell_angle_beta 57\n_cell_angle_gamma 57"
        let hexagonal =
            "_cell_length_a 4.5\n_cell_length_b 4.5\n_cell_length_c 12\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 120"
        for symmetry in ["_symmetry_space_group_name_H-M 'R -3 m'", "_symmetry_Int_Tables_number 166"] {
            #expect(try Self.only(Self.salt(cell: rhombohedral, symmetry: symmetry, atoms: "Bi 0.23 0.23 0.23")).siteCount == 2)
            #expect(try Self.only(Self.salt(cell: hexagonal, symmetry: symmetry, atoms: "Bi 0 0 0.23")).siteCount == 6)
        }
        // P 21/b with the unique axis that the cell shows.
        let monoclinic =
            "_cell_length_a 4\n_cell_length_b 5\n_cell_length_c 6\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 100"
        let crystal = try Self.only(
            Self.salt(cell: monoclinic, symmetry: "_symmetry_space_group_name_H-M 'P 21/n'", atoms: "Bi 0.1 0.2 0.3"))
        #expect(crystal.positions.contains { abs($0.coordinates.z - 0.8) < 1e-9 && abs($0.coordinates.x - 0.4) < 1e-9 })
    }

    @Test func cellsThatTheCrystalSystemCompletes() throws {
        let cubic = try Self.only(Self.salt(cell: "_cell_length_a 5.64\n_symmetry_cell_setting cubic"))
        #expect(cubic.lattice == Lattice(lengths: SIMD3(5.64, 5.64, 5.64), degrees: SIMD3(90, 90, 90)))
        let hexagonal = try Self.only(
            Self.salt(cell: "_cell_length_a 3\n_cell_length_c 5\n_space_group_crystal_system Hexagonal", symmetry: ""))
        #expect(hexagonal.lattice == Lattice(lengths: SIMD3(3, 3, 5), degrees: SIMD3(90, 90, 120)))
    }

    @Test(
        arguments: [
            ("Fe3+", "Fe"), ("Fe3", "Fe"), ("Fe1A", "Fe"), ("FE1", "Fe"), ("O2-", "O"), ("OW", "O"), ("Ow1", "O"), ("Wat", "O"),
            ("OH", "O"),
            ("Hw", "H"), ("D", "H"), ("D12", "H"), ("NO3", "N"), ("CA", "Ca"), ("C12", "C"), ("Cval", "C"), ("U", "U"), ("Al(1)", "Al"),
            ("O-H(1)", "O"),
        ])
    func elementsOfLabels(_ label: String, _ symbol: String) throws {
        #expect(Self.amounts(try Self.only(Self.salt(symmetry: "", atoms: "\(label) 0 0 0"))) == [symbol: 1])
        let columns = "_atom_site_type_symbol _atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z"
        #expect(Self.amounts(try Self.only(Self.salt(symmetry: "", columns: columns, atoms: "\(label) Zr1 0 0 0"))) == [symbol: 1])
        #expect(Self.amounts(try Self.only(Self.salt(symmetry: "", columns: columns, atoms: "? \(label) 0 0 0"))) == [symbol: 1])
    }

    @Test func sharedAndPartlyEmptyPositions() throws {
        let columns = "_atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z _atom_site_occupancy"
        let atoms = "Na 0 0 0 0.75(2)\nK 0 0 0.00001 .25\nCl 0.5 0.5 0.5 ?\nBr 0.25 0.25 0.25 0.5\nI 0.1 0 0 0\n"
        let crystal = try Self.only(Self.salt(symmetry: "", columns: columns, atoms: atoms))
        #expect(
            crystal.atomicNumbers == [11, 19, 17, 35] && crystal.occupancies == [0.75, 0.25, 1, 0.5] && crystal.sites == [0, 0, 1, 2])
        #expect(crystal.siteCount == 3)
        // Ions of one element are one species; what adds up to one whole atom is ordered.
        let ions = try Self.only(Self.salt(symmetry: "", columns: columns, atoms: "Fe2+ 0 0 0 0.5\nFe3+ 0 0 0 0.5"))
        #expect(!ions.isDisordered && ions.atomicNumbers == [26])
        // Rounding is scaled away.
        let rounded = try Self.only(Self.salt(symmetry: "", columns: columns, atoms: "Fe 0 0 0 0.334\nCo 0 0 0 0.333\nNi 0 0 0 0.334"))
        #expect(abs(rounded.occupancies.reduce(0, +) - 1) < 1e-12)
        // A row at an image of another shares its orbit.
        let images = try Self.only(Self.salt(columns: columns, atoms: "Na 0 0 0 0.5\nK 0.5 0.5 0 0.5"))
        #expect(images.siteCount == 4 && images.sites == [0, 0, 1, 1, 2, 2, 3, 3])
    }

    @Test func mixturesInOneSymbol() throws {
        let columns = "_atom_site_label _atom_site_type_symbol _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z"
        let crystal = try Self.only(Self.salt(symmetry: "", columns: columns, atoms: "Nb,Zr '0.8Nb + 0.2Zr' 0 0 0"))
        #expect(crystal.atomicNumbers == [41, 40] && crystal.occupancies == [0.8, 0.2] && crystal.siteCount == 1)
    }

    @Test func thirdsAndSpecialPositions() throws {
        let hexagonal =
            "_cell_length_a 3\n_cell_length_b 3\n_cell_length_c 5\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 120"
        let name = "_symmetry_space_group_name_H-M 'P 63/m m c'"
        let crystal = try Self.only(Self.salt(cell: hexagonal, symmetry: name, atoms: "Mg 0.3333 0.6667 0.25"))
        #expect(crystal.siteCount == 2 && crystal.positions[0] == FractionalPosition(1.0 / 3, 2.0 / 3, 0.25))
        // Four digits on the mirror plane x, 2x.
        let rounded = try Self.only(Self.salt(cell: hexagonal, symmetry: name, atoms: "Mg 0.1264 0.2527 0.25"))
        #expect(rounded.siteCount == 6)
    }

    @Test func cartesianPositions() throws {
        let columns = "_atom_site_label _atom_site_Cartn_x _atom_site_Cartn_y _atom_site_Cartn_z"
        let crystal = try Self.only(Self.salt(symmetry: "", columns: columns, atoms: "Na 0 0 0\nCl 2.82 2.82 2.82"))
        #expect(abs(crystal.cartesian(1).angstroms.y - 2.82) < 1e-12 && abs(crystal.positions[1].coordinates.x - 0.5) < 1e-12)
        let both = columns + " _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z"
        #expect(try Self.only(Self.salt(symmetry: "", columns: both, atoms: "Na 1 1 1 0.25 0.25 0.25")).positions[0].coordinates.x == 0.25)
    }

    @Test func atomsOutsideOfALoopAndDummies() throws {
        let one =
            "data_a\n_cell_length_a 3 _cell_length_b 3 _cell_length_c 3 _cell_angle_alpha 90 _cell_angle_beta 90 _cell_angle_gamma 90\n"
            + "_atom_site_label Po1\n_atom_site_fract_x 0\n_atom_site_fract_y 0\n_atom_site_fract_z 0\n"
        #expect(try Self.only(one).atomicNumbers == [84])
        let columns = "_atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z _atom_site_calc_flag"
        #expect(try Self.only(Self.salt(symmetry: "", columns: columns, atoms: "Na 0 0 0 d\nX1 ? ? ? dum")).siteCount == 1)
    }

    @Test func blocksLineEndsAndMarks() throws {
        let other = "data_global\n_publ_section_title\n;\ndata_not_here\n_cell_length_a 1\n;\n_publ_contact_author 'x'\n"
        let text = "# remark\n" + other + Self.salt() + other + Self.salt().replacing("salt", with: "Second")
        for ending in ["\n", "\r\n", "\r"] {
            for mark in ["", "\u{feff}"] {
                let bytes = Array((mark + text.replacing("\n", with: ending)).utf8)
                for chunk in [1, 7, 4096, Int.max] {
                    let all = try Self.decode(bytes, chunk: chunk)
                    #expect(try all.map { try $0.get().id } == ["salt", "Second"], "\(ending.debugDescription) \(chunk)")
                    #expect(try all.allSatisfy { try $0.get().structure.siteCount == 8 })
                }
            }
        }
    }

    @Test func oddTexts() throws {
        // Latin-1 bytes, a quote left open and ragged loops where it does not matter, a frame, an apostrophe in a quoted value.
        var bytes = Array("data_x\n_publ 'Andr".utf8) + [0xe9] + Array("'\n_author 'M. O'Keeffe', and others\n".utf8)
        bytes += Array("loop_ _a _b 1 2 3\nloop_\n_empty\nsave_frame _cell_length_a 99 save_\n_title\n;\nloop_ ' \n;\n".utf8)
        bytes += Array(Self.salt().dropFirst(10).utf8)
        let all = try Self.decode(bytes)
        #expect(try all.map { try $0.get().structure.siteCount } == [8])
        #expect(try Self.only(Self.salt().uppercased().replacing("DATA_", with: "DATA_")).siteCount == 8)
    }

    @Test func recognizesItself() {
        func recognizes(_ text: String) -> Bool { CIFFormat.recognizes(Array(text.utf8).span) }
        #expect(recognizes("data_x") && recognizes("\u{feff}# c\n\n DATA_x\n_a 1") && recognizes("#\\#CIF_1.1\ndata_"))
        #expect(
            !recognizes("") && !recognizes("Si\n1.0\n1 0 0") && !recognizes("{\"a\": 1}") && !recognizes("# only a remark")
                && !recognizes(";"))
    }
}
