/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-client-error.h"

typedef struct
{
  /* Shared by the copies of an error, which never change it: an atomic box around one pointer. */
  AcProblem **problem;
  gboolean maybe_delivered;
  gint64 wait; /* one more than the milliseconds to wait; 0: not said, as memory begins */
} AcClientErrorPrivate;

static void
ac_client_error_private_init (AcClientErrorPrivate *priv)
{
}

static void
ac_client_error_private_copy (const AcClientErrorPrivate *source, AcClientErrorPrivate *target)
{
  if (source->problem != NULL)
    target->problem = g_atomic_rc_box_acquire (source->problem);
  target->maybe_delivered = source->maybe_delivered;
  target->wait = source->wait;
}

static void
free_boxed_problem (gpointer box)
{
  ac_problem_free (*(AcProblem **)box);
}

static void
ac_client_error_private_clear (AcClientErrorPrivate *priv)
{
  if (priv->problem != NULL)
    g_atomic_rc_box_release_full (priv->problem, free_boxed_problem);
}

G_DEFINE_EXTENDED_ERROR (AcClientError, ac_client_error)

static AcClientError
code_of_status (guint status)
{
  switch (status)
    {
    case 401:
      return AC_CLIENT_ERROR_UNAUTHORIZED;
    case 403:
      return AC_CLIENT_ERROR_FORBIDDEN;
    case 404:
      return AC_CLIENT_ERROR_NOT_FOUND;
    case 408:
    case 504:
      return AC_CLIENT_ERROR_TIMEOUT;
    case 409:
      return AC_CLIENT_ERROR_CONFLICT;
    case 410:
      return AC_CLIENT_ERROR_GONE;
    case 429:
      return AC_CLIENT_ERROR_THROTTLED;
    default:
      if (status >= 500)
        return AC_CLIENT_ERROR_SERVICE;
      return status >= 400 ? AC_CLIENT_ERROR_INVALID : AC_CLIENT_ERROR_PROTOCOL;
    }
}

/**
 * ac_client_error_new_from_problem:
 * @problem: (transfer full): what the service has answered
 *
 * Returns: (transfer full): an error with the service's words that carries @problem.
 */
GError *
ac_client_error_new_from_problem (AcProblem *problem)
{
  GError *error;
  AcClientErrorPrivate *priv;
  const char *words = problem->detail != NULL ? problem->detail : problem->title;

  error = g_error_new_literal (AC_CLIENT_ERROR, (int)code_of_status (problem->status), words);
  priv = ac_client_error_get_private (error);
  priv->maybe_delivered = problem->status >= 500;
  priv->problem = g_atomic_rc_box_new (AcProblem *);
  *priv->problem = problem;
  return error;
}

/**
 * ac_client_error_new_undelivered:
 * @code: why there is no answer
 * @maybe_delivered: whether the request may have reached the service all the same
 * @message: a sentence
 *
 * Returns: (transfer full): an error of a call that got no usable answer.
 */
GError *
ac_client_error_new_undelivered (AcClientError code, gboolean maybe_delivered, const char *message)
{
  GError *error = g_error_new_literal (AC_CLIENT_ERROR, (int)code, message);

  ac_client_error_get_private (error)->maybe_delivered = maybe_delivered;
  return error;
}

/**
 * ac_client_error_set_maybe_delivered:
 *
 * The same for one that got an answer, when it was asked before and that answer was lost.
 */
void
ac_client_error_set_maybe_delivered (GError *error)
{
  g_return_if_fail (error != NULL && error->domain == AC_CLIENT_ERROR);

  ac_client_error_get_private (error)->maybe_delivered = TRUE;
}

/**
 * ac_client_error_get_problem:
 *
 * Returns: (nullable) (transfer none): the problem document behind @error, owned by it; with the
 * conflicts of an AC_CLIENT_ERROR_CONFLICT.
 */
const AcProblem *
ac_client_error_get_problem (const GError *error)
{
  AcClientErrorPrivate *priv;

  if (error == NULL || error->domain != AC_CLIENT_ERROR)
    return NULL;
  priv = ac_client_error_get_private (error);
  return priv->problem != NULL ? *priv->problem : NULL;
}

/**
 * ac_client_error_settles:
 *
 * Returns: whether the answer behind @error also tells that what was sent before under the same key
 * was not done. One about who asks, how often, or by what stands in between does not: it was given
 * before the service could know the request again.
 */
gboolean
ac_client_error_settles (const GError *error)
{
  const AcProblem *problem = ac_client_error_get_problem (error);

  return problem != NULL && problem->status < 500 && problem->status != 401 &&
         problem->status != 403 && problem->status != 404 && problem->status != 408 &&
         problem->status != 429;
}

/**
 * ac_client_error_maybe_delivered:
 *
 * Returns: whether the request behind @error may have had its effect although no answer says so.
 */
gboolean
ac_client_error_maybe_delivered (const GError *error)
{
  if (error == NULL || error->domain != AC_CLIENT_ERROR)
    return FALSE;
  return ac_client_error_get_private (error)->maybe_delivered;
}

/**
 * ac_client_error_is_offline:
 *
 * Returns: whether @error says that the service cannot be used for now, so that waiting may help.
 */
gboolean
ac_client_error_is_offline (const GError *error)
{
  if (error == NULL || error->domain != AC_CLIENT_ERROR)
    return FALSE;
  switch ((AcClientError)error->code)
    {
    case AC_CLIENT_ERROR_OFFLINE:
    case AC_CLIENT_ERROR_TIMEOUT:
    case AC_CLIENT_ERROR_TLS:
    case AC_CLIENT_ERROR_THROTTLED:
    case AC_CLIENT_ERROR_SERVICE:
      return TRUE;
    case AC_CLIENT_ERROR_UNAUTHORIZED:
    case AC_CLIENT_ERROR_FORBIDDEN:
    case AC_CLIENT_ERROR_NOT_FOUND:
    case AC_CLIENT_ERROR_CONFLICT:
    case AC_CLIENT_ERROR_INVALID:
    case AC_CLIENT_ERROR_GONE:
    case AC_CLIENT_ERROR_PROTOCOL:
    default:
      return FALSE;
    }
}

/**
 * ac_client_error_set_retry_after:
 * @milliseconds: how long the service wants to be left alone, or -1 when it has not said
 */
void
ac_client_error_set_retry_after (GError *error, gint64 milliseconds)
{
  g_return_if_fail (error != NULL && error->domain == AC_CLIENT_ERROR);

  ac_client_error_get_private (error)->wait = milliseconds + 1;
}

/**
 * ac_client_error_get_retry_after:
 *
 * Returns: how many milliseconds the service wants to be left alone, or -1 when it has not said.
 */
gint64
ac_client_error_get_retry_after (const GError *error)
{
  if (error == NULL || error->domain != AC_CLIENT_ERROR)
    return -1;
  return ac_client_error_get_private (error)->wait - 1;
}
