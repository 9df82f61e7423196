/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can go wrong between the service and a mail server. The messages are sentences for a person;
 * the codes are what the mail responder decides by. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define AC_IMAP_ERROR (ac_imap_error_quark ())
typedef enum
{
  AC_IMAP_ERROR_UNREACHABLE, /* no connection could be made */
  AC_IMAP_ERROR_TLS,         /* no TLS, or a certificate that is not trusted */
  AC_IMAP_ERROR_CLOSED,      /* the connection was lost: what was asked last may have been done */
  AC_IMAP_ERROR_TIMED_OUT,   /* the same, and nobody said so */
  AC_IMAP_ERROR_PROTOCOL,    /* the server said what no IMAP server may say */
  AC_IMAP_ERROR_AUTHENTICATION,   /* the login was refused */
  AC_IMAP_ERROR_UNAVAILABLE,      /* the server cannot do it now */
  AC_IMAP_ERROR_UNSUPPORTED,      /* the server lacks an extension that is needed */
  AC_IMAP_ERROR_NO_FOLDER,        /* the folder does not exist */
  AC_IMAP_ERROR_FOLDER_EXISTS,    /* the folder that was to be made does */
  AC_IMAP_ERROR_CHANGED,          /* a message went away between two commands: look again */
  AC_IMAP_ERROR_WRONG_SIZE,       /* a message has not as many bytes as the server says */
  AC_IMAP_ERROR_OVER_QUOTA,       /* the mailbox is full */
  AC_IMAP_ERROR_REFUSED,          /* NO or BAD for any other reason */
  AC_IMAP_ERROR_INVALID_ARGUMENT, /* an argument that must not reach the server */
} AcImapError;

GQuark ac_imap_error_quark (void);
gboolean ac_imap_error_is_transient (const GError *error);
gboolean ac_imap_error_is_lost_connection (const GError *error);
gboolean ac_imap_error_is_refusal (const GError *error);

G_END_DECLS
