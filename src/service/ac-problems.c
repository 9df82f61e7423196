/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/ac-problems.h"
#include "store/ac-store.h"

#define TYPE_PREFIX "urn:action-center:problem:"

static const struct
{
  const char *key;
  const char *title;
} problems[] = {
  [AC_PROBLEM_BAD_REQUEST] = { "bad-request", "The request cannot be understood" },
  [AC_PROBLEM_BAD_JSON] = { "bad-json", "The body is not JSON" },
  [AC_PROBLEM_MISSING_MEMBER] = { "missing-member", "A member is missing" },
  [AC_PROBLEM_UNKNOWN_MEMBER] = { "unknown-member", "A member is not known" },
  [AC_PROBLEM_WRONG_TYPE] = { "wrong-type", "A member has the wrong type" },
  [AC_PROBLEM_INVALID_VALUE] = { "invalid-value", "A value is not allowed" },
  [AC_PROBLEM_TOO_LARGE] = { "too-large", "The request is too large" },
  [AC_PROBLEM_NOT_FOUND] = { "not-found", "There is no such thing" },
  [AC_PROBLEM_METHOD_NOT_ALLOWED] = { "method-not-allowed", "This cannot be done here" },
  [AC_PROBLEM_UNAUTHORIZED] = { "unauthorized", "A valid token is needed" },
  [AC_PROBLEM_FORBIDDEN] = { "forbidden", "Your role does not allow this" },
  [AC_PROBLEM_CONFLICT] = { "conflict", "The actions do not allow this decision" },
  [AC_PROBLEM_TARGETS_CHANGED] = { "targets-changed", "The targets are not what was seen" },
  [AC_PROBLEM_CONFIRMATION_NEEDED] = { "confirmation-needed",
                                       "The number of messages must be confirmed" },
  [AC_PROBLEM_MIXED_TYPES] = { "mixed-types", "Only actions of one type can be undone at once" },
  [AC_PROBLEM_KEY_REUSED] = { "key-reused", "This Idempotency-Key stands for another request" },
  [AC_PROBLEM_MISSING_IDEMPOTENCY_KEY] = { "missing-idempotency-key",
                                           "An Idempotency-Key is needed" },
  [AC_PROBLEM_TOO_MANY_ACTIONS] = { "too-many-actions", "Too many actions in one operation" },
  [AC_PROBLEM_CURSOR_EXPIRED] = { "cursor-expired", "The list has become too old to continue" },
  [AC_PROBLEM_BAD_CURSOR] = { "bad-cursor", "This is not a cursor of this list" },
  [AC_PROBLEM_CHANGES_GONE] = { "changes-gone", "The changes since then are not kept any more" },
  [AC_PROBLEM_TOO_MANY_REQUESTS] = { "too-many-requests", "Too many requests" },
  [AC_PROBLEM_TIMEOUT] = { "timeout", "The request took too long to arrive" },
  [AC_PROBLEM_SERVICE_ERROR] = { "service-error", "The service could not do it" },
};

static AcProblem *
new_literal (guint status, AcProblemKey key, const char *field, const char *detail)
{
  g_autofree char *type = g_strconcat (TYPE_PREFIX, problems[key].key, NULL);
  g_autofree char *valid = g_utf8_make_valid (detail, -1);
  AcProblem *problem = ac_problem_new (status, type, problems[key].title, valid);

  problem->field = field != NULL ? g_utf8_make_valid (field, -1) : NULL;
  return problem;
}

/**
 * ac_problem_new_for_key:
 * @status: the HTTP status
 * @field: (nullable): the member, query parameter or header that is wrong
 * @format: a sentence for a person
 *
 * Returns: (transfer full): a problem.
 */
AcProblem *
ac_problem_new_for_key (guint status, AcProblemKey key, const char *field, const char *format, ...)
{
  g_autofree char *detail = NULL;
  va_list arguments;

  va_start (arguments, format);
  detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return new_literal (status, key, field, detail);
}

/**
 * ac_problem_new_bad_request:
 *
 * Returns: (transfer full): a problem with status 400.
 */
AcProblem *
ac_problem_new_bad_request (const char *field, const char *format, ...)
{
  g_autofree char *detail = NULL;
  va_list arguments;

  va_start (arguments, format);
  detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return new_literal (400, AC_PROBLEM_BAD_REQUEST, field, detail);
}

static AcProblem *
new_from_model_error (const GError *error)
{
  g_autofree char *member = ac_model_error_member (error);

  switch ((AcModelError)error->code)
    {
    case AC_MODEL_ERROR_MISSING_MEMBER:
      return new_literal (400, AC_PROBLEM_MISSING_MEMBER, member, error->message);
    case AC_MODEL_ERROR_UNKNOWN_MEMBER:
      return new_literal (400, AC_PROBLEM_UNKNOWN_MEMBER, member, error->message);
    case AC_MODEL_ERROR_WRONG_TYPE:
      return new_literal (400, AC_PROBLEM_WRONG_TYPE, member, error->message);
    case AC_MODEL_ERROR_INVALID_VALUE:
      return new_literal (400, AC_PROBLEM_INVALID_VALUE, member, error->message);
    case AC_MODEL_ERROR_OUT_OF_RANGE:
      return new_literal (422, AC_PROBLEM_INVALID_VALUE, member, error->message);
    case AC_MODEL_ERROR_SYNTAX:
    default:
      return new_literal (400, AC_PROBLEM_BAD_JSON, NULL, error->message);
    }
}

static AcProblem *
new_from_store_error (const GError *error)
{
  switch ((AcStoreError)error->code)
    {
    case AC_STORE_ERROR_NOT_FOUND:
      return new_literal (404, AC_PROBLEM_NOT_FOUND, NULL, error->message);
    case AC_STORE_ERROR_CONFLICT:
      return new_literal (409, AC_PROBLEM_CONFLICT, NULL, error->message);
    case AC_STORE_ERROR_TARGETS_CHANGED:
      return new_literal (409, AC_PROBLEM_TARGETS_CHANGED, NULL, error->message);
    case AC_STORE_ERROR_UNCONFIRMED:
      return new_literal (409, AC_PROBLEM_CONFIRMATION_NEEDED, "confirmedMessages", error->message);
    case AC_STORE_ERROR_MIXED_TYPES:
      return new_literal (422, AC_PROBLEM_MIXED_TYPES, "actionIds", error->message);
    case AC_STORE_ERROR_TOO_MANY_ACTIONS:
      return new_literal (422, AC_PROBLEM_TOO_MANY_ACTIONS, "includeInstances", error->message);
    case AC_STORE_ERROR_BAD_ASSETS:
      return new_literal (422, AC_PROBLEM_INVALID_VALUE, "assets", error->message);
    case AC_STORE_ERROR_KEY_REUSED:
      return new_literal (422, AC_PROBLEM_KEY_REUSED, "Idempotency-Key", error->message);
    case AC_STORE_ERROR_TOKEN_GONE:
      return new_literal (410, AC_PROBLEM_CHANGES_GONE, "since", error->message);
    case AC_STORE_ERROR_BAD_CURSOR:
      return new_literal (400, AC_PROBLEM_BAD_CURSOR, "cursor", error->message);
    case AC_STORE_ERROR_CURSOR_EXPIRED:
      return new_literal (410, AC_PROBLEM_CURSOR_EXPIRED, "cursor", error->message);
    case AC_STORE_ERROR_DISK_FULL:
      g_warning ("The database could not do it: %s", error->message);
      return new_literal (503, AC_PROBLEM_SERVICE_ERROR, NULL,
                          "The disk of the service is full. Nothing was changed; ask the "
                          "administrator to make room on it, then try again.");
    case AC_STORE_ERROR_FAILED:
    default:
      /* The cause is for the log of the service; a client can only try again. */
      g_warning ("The database could not do it: %s", error->message);
      return new_literal (503, AC_PROBLEM_SERVICE_ERROR, NULL,
                          "The database of the service could not do it. Nothing was changed; try "
                          "again later, and tell the administrator if it stays so.");
    }
}

/**
 * ac_problem_new_from_error:
 * @error: of the model or the store
 *
 * Returns: (transfer full): the problem that tells a client what is the matter.
 */
AcProblem *
ac_problem_new_from_error (const GError *error)
{
  if (error->domain == AC_MODEL_ERROR)
    return new_from_model_error (error);
  if (error->domain == AC_STORE_ERROR)
    return new_from_store_error (error);
  g_warning ("Unexpected trouble: %s", error->message);
  return new_literal (500, AC_PROBLEM_SERVICE_ERROR, NULL,
                      "Something went wrong inside the service; its log says more.");
}
