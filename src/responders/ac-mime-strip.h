/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes an attachment out of a message and puts a notice in its place. GMime says what the parts
 * are and where they begin and end; the bytes around them are not written anew but copied, so that
 * every other header and part is what it was, byte for byte. No input or output. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define AC_MIME_ERROR (ac_mime_error_quark ())
typedef enum
{
  AC_MIME_ERROR_NO_SUCH_PART,  /* the attachment is not in the message */
  AC_MIME_ERROR_OTHER_CONTENT, /* one of its name is, and its content is another */
  AC_MIME_ERROR_ENCRYPTED,     /* what is in the message cannot be seen */
  AC_MIME_ERROR_WRAPPED,       /* the attachment may lie inside a part that is not taken apart */
  AC_MIME_ERROR_MALFORMED,     /* nobody can tell where the part begins or ends */
} AcMimeError;

GQuark ac_mime_error_quark (void);

/* Which attachment: with a SHA-256 the content alone decides, without it the name. */
typedef struct
{
  const char *file_name; /* nullable */
  const char *sha256;    /* nullable; of the decoded content, in hexadecimal */
  const char *part_path; /* nullable; such as “2.1”, as IMAP counts parts: only that part */
} AcMimeWanted;

typedef struct
{
  GBytes *message;
  guint n_taken;             /* an attachment may be in a message more than once */
  gboolean breaks_signature; /* S/MIME or OpenPGP: what was signed is not all there any more */
} AcMimeStandIn;

AcMimeStandIn *
ac_mime_strip (GBytes *message, const AcMimeWanted *wanted, const char *reference, GError **error);
void ac_mime_stand_in_free (AcMimeStandIn *stand_in);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMimeStandIn, ac_mime_stand_in_free)

G_END_DECLS
