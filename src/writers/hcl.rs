//! HCL.
