#pragma once
// The few loops that need the CPU's vector width. Each gives the same bits at every width and has a naive Swift twin in the tests.
#include "acsf.h"
#include "eigen.h"
#include "forest.h"
#include "gemm.h"
#include "histogram.h"
#include "neighbors.h"
#include "soap.h"
#include "statistics.h"
#include "trees.h"
