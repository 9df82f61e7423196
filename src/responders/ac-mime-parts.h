/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a message, each with where its bytes are. GMime takes the message apart; nothing
 * here decodes what it does not. No input or output. */
#pragma once

#include <gmime/gmime.h>

G_BEGIN_DECLS

/* A part without parts, or a whole message within the message. */
typedef struct
{
  GMimeObject *object;
  char *path;         /* as IMAP counts parts: “2.1” */
  gsize header;       /* where its header begins */
  gsize content;      /* where its content begins, as it lies there */
  gsize end;          /* where its content ends */
  gboolean is_known;  /* the three above are known */
  gboolean is_signed; /* it lies in what is signed */
  gboolean is_top;    /* it is the body of a message, and shares its header with it */
  char *file_name;    /* nullable; decoded (RFC 2231, RFC 2047) */
} AcMimePart;

typedef struct
{
  GMimeMessage *message;
  GPtrArray *parts;       /* of AcMimePart, in the order of the message */
  gboolean has_encrypted; /* S/MIME or OpenPGP: there are parts that nobody here can see */
  gboolean has_opaque;    /* S/MIME, signed in such a way that its parts are not seen */
  gboolean has_tnef;      /* winmail.dat, which is not taken apart */
  gboolean is_too_deep;
} AcMimeParts;

AcMimeParts *ac_mime_parts_new (GBytes *message);
void ac_mime_parts_free (AcMimeParts *parts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMimeParts, ac_mime_parts_free)

char *ac_mime_part_digest (const AcMimePart *part, GBytes *message, gint64 *size);
char *ac_mime_part_media_type (const AcMimePart *part);
void ac_mime_init (void);

G_END_DECLS
