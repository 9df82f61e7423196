/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One response of a ManageSieve server (RFC 5804 section 4): its parts, checked, and nothing of
 * what they are about. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What can go wrong between the service and a ManageSieve server. The messages are sentences for a
 * person; the codes are what the forwarding responder decides by. */
#define AC_SIEVE_ERROR (ac_sieve_error_quark ())
typedef enum
{
  AC_SIEVE_ERROR_UNREACHABLE, /* no connection could be made */
  AC_SIEVE_ERROR_TLS,         /* no TLS, or a certificate that is not trusted */
  AC_SIEVE_ERROR_CLOSED,      /* the connection was lost: what was asked last may have been done */
  AC_SIEVE_ERROR_TIMED_OUT,   /* the same, and nobody said so */
  AC_SIEVE_ERROR_PROTOCOL,    /* the server said what no ManageSieve server may say */
  AC_SIEVE_ERROR_AUTHENTICATION, /* the login was refused */
  AC_SIEVE_ERROR_UNAVAILABLE,    /* the server cannot do it now */
  AC_SIEVE_ERROR_UNSUPPORTED,    /* the server lacks what is needed */
  AC_SIEVE_ERROR_NO_SCRIPT,      /* there is no script of this name */
  AC_SIEVE_ERROR_OVER_QUOTA,     /* too many scripts, or too large a one */
  AC_SIEVE_ERROR_REFUSED,        /* NO for any other reason: a script that does not compile */
} AcSieveError;

GQuark ac_sieve_error_quark (void);
gboolean ac_sieve_error_is_transient (const GError *error);
gboolean ac_sieve_error_is_lost_connection (const GError *error);

typedef enum
{
  AC_SIEVE_STATUS_NONE, /* a line of data */
  AC_SIEVE_STATUS_OK,
  AC_SIEVE_STATUS_NO,
  AC_SIEVE_STATUS_BYE,
} AcSieveStatus;

typedef struct
{
  AcSieveStatus status;
  char *code;         /* nullable: in capitals, such as QUOTA/MAXSCRIPTS; of a status only */
  GPtrArray *strings; /* of GBytes: those of a line of data, or in the code of a status */
  char *text;         /* of a status: what the server says to a person; valid UTF-8; may be "" */
  gboolean is_active; /* a line of data ends with the word ACTIVE */
} AcSieveResponse;

AcSieveResponse *ac_sieve_response_parse (const char *bytes, gsize length, GError **error);
void ac_sieve_response_free (AcSieveResponse *response);
char *ac_sieve_response_dup_string (const AcSieveResponse *response, guint index);
gboolean ac_sieve_line_announces_literal (const char *line,
                                          gsize length,
                                          gboolean is_first_line,
                                          guint64 *literal_length);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcSieveResponse, ac_sieve_response_free)

G_END_DECLS
