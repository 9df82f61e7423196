/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can go wrong between a desk and the service. The message is a sentence for a person, in the
 * service's own words where it has said something. A cancelled call is G_IO_ERROR_CANCELLED as
 * everywhere in GIO, and never one of these. */
#pragma once

#include "model/ac-problem.h"

G_BEGIN_DECLS

#define AC_CLIENT_ERROR (ac_client_error_quark ())
typedef enum
{
  AC_CLIENT_ERROR_OFFLINE,      /* the service cannot be reached, or the connection was lost */
  AC_CLIENT_ERROR_TIMEOUT,      /* no answer in time */
  AC_CLIENT_ERROR_TLS,          /* the certificate is not trusted, or TLS failed */
  AC_CLIENT_ERROR_UNAUTHORIZED, /* 401: the token is missing, wrong or revoked */
  AC_CLIENT_ERROR_FORBIDDEN,    /* 403: the role does not allow it */
  AC_CLIENT_ERROR_NOT_FOUND,    /* 404 */
  AC_CLIENT_ERROR_CONFLICT,     /* 409: somebody else was first; see the problem's conflicts */
  AC_CLIENT_ERROR_INVALID,      /* 400, 413, 422…: the service refuses the request as it is */
  AC_CLIENT_ERROR_GONE,         /* 410: a cursor or a change token is no longer valid */
  AC_CLIENT_ERROR_THROTTLED,    /* 429, and it stayed so through all attempts */
  AC_CLIENT_ERROR_SERVICE,      /* 5xx */
  AC_CLIENT_ERROR_PROTOCOL, /* the answer is not one of this API; the message names the member */
} AcClientError;

GQuark ac_client_error_quark (void);
GError *ac_client_error_new_from_problem (AcProblem *problem);
GError *
ac_client_error_new_undelivered (AcClientError code, gboolean maybe_delivered, const char *message);
const AcProblem *ac_client_error_get_problem (const GError *error);
void ac_client_error_set_maybe_delivered (GError *error);
gboolean ac_client_error_settles (const GError *error);
gboolean ac_client_error_maybe_delivered (const GError *error);
void ac_client_error_set_retry_after (GError *error, gint64 milliseconds);
gint64 ac_client_error_get_retry_after (const GError *error);
gboolean ac_client_error_is_offline (const GError *error);

G_END_DECLS
