#pragma once
#include <hdf5.h>

// HDF5's constants are macros that call into the library; Swift sees them through these getters.
static inline hid_t ms_h5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t ms_h5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t ms_h5_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t ms_h5_native_uint32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t ms_h5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t ms_h5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t ms_h5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t ms_h5_f64le(void) { return H5T_IEEE_F64LE; }
static inline hid_t ms_h5_f32le(void) { return H5T_IEEE_F32LE; }
static inline hid_t ms_h5_u64le(void) { return H5T_STD_U64LE; }
static inline hid_t ms_h5_u32le(void) { return H5T_STD_U32LE; }
static inline hid_t ms_h5_u8le(void) { return H5T_STD_U8LE; }
static inline hid_t ms_h5_i64le(void) { return H5T_STD_I64LE; }
static inline hid_t ms_h5_i32le(void) { return H5T_STD_I32LE; }
static inline hid_t ms_h5_c_string(void) { return H5T_C_S1; }
static inline size_t ms_h5_variable(void) { return H5T_VARIABLE; }
static inline hid_t ms_h5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t ms_h5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t ms_h5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t ms_h5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline unsigned ms_h5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned ms_h5_truncate(void) { return H5F_ACC_TRUNC; }
static inline hsize_t ms_h5_unlimited(void) { return H5S_UNLIMITED; }
static inline hid_t ms_h5_default(void) { return H5P_DEFAULT; }
static inline hid_t ms_h5_error_stack(void) { return H5E_DEFAULT; }
static inline unsigned ms_h5_track_order(void) { return H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED; }

// Files appear only by rename and are never changed in place, so locks add nothing but trouble on network file systems.
static inline void ms_h5_disable_locking(hid_t access) {
#if H5_VERSION_GE(1, 10, 7) && !(H5_VERS_MAJOR == 1 && H5_VERS_MINOR == 12 && H5_VERS_RELEASE == 0)
    H5Pset_file_locking(access, 0, 1);
#else
    (void)access;
#endif
}
