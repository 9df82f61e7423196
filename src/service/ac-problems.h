/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The problem documents of the API: their keys and titles in one table, and how errors of the model
 * and of the store become one. */
#pragma once

#include "model/ac-problem.h"

G_BEGIN_DECLS

typedef enum
{
  AC_PROBLEM_BAD_REQUEST,
  AC_PROBLEM_BAD_JSON,
  AC_PROBLEM_MISSING_MEMBER,
  AC_PROBLEM_UNKNOWN_MEMBER,
  AC_PROBLEM_WRONG_TYPE,
  AC_PROBLEM_INVALID_VALUE,
  AC_PROBLEM_TOO_LARGE,
  AC_PROBLEM_NOT_FOUND,
  AC_PROBLEM_METHOD_NOT_ALLOWED,
  AC_PROBLEM_UNAUTHORIZED,
  AC_PROBLEM_FORBIDDEN,
  AC_PROBLEM_CONFLICT,
  AC_PROBLEM_TARGETS_CHANGED,
  AC_PROBLEM_CONFIRMATION_NEEDED,
  AC_PROBLEM_MIXED_TYPES,
  AC_PROBLEM_KEY_REUSED,
  AC_PROBLEM_MISSING_IDEMPOTENCY_KEY,
  AC_PROBLEM_TOO_MANY_ACTIONS,
  AC_PROBLEM_CURSOR_EXPIRED,
  AC_PROBLEM_BAD_CURSOR,
  AC_PROBLEM_CHANGES_GONE,
  AC_PROBLEM_TOO_MANY_REQUESTS,
  AC_PROBLEM_TIMEOUT,
  AC_PROBLEM_SERVICE_ERROR,
} AcProblemKey;

AcProblem *
ac_problem_new_for_key (guint status, AcProblemKey key, const char *field, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
AcProblem *ac_problem_new_bad_request (const char *field, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
AcProblem *ac_problem_new_from_error (const GError *error);

G_END_DECLS
