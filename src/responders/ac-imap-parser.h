/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what an IMAP server says (RFC 3501 and 9051, section 9). No input or output: bytes in, a
 * response out. Every byte may come from an attacker, by way of a message's header, so nothing is
 * ever looked for by its text: literals are taken by count, the rest by grammar. */
#pragma once

#include <glib.h>

#include "responders/ac-imap-error.h"

G_BEGIN_DECLS

typedef enum
{
  AC_IMAP_VALUE_NIL,
  AC_IMAP_VALUE_ATOM,   /* also numbers, flags, and names such as BODY[HEADER.FIELDS (SUBJECT)] */
  AC_IMAP_VALUE_STRING, /* quoted or literal */
  AC_IMAP_VALUE_LIST,
} AcImapValueKind;

typedef struct
{
  AcImapValueKind kind;
  char *text; /* of atoms and strings: length bytes, then a NUL that does not belong to it */
  gsize length;
  GPtrArray *items; /* of lists: of AcImapValue */
} AcImapValue;

typedef enum
{
  AC_IMAP_STATUS_NONE, /* data, not a status */
  AC_IMAP_STATUS_OK,
  AC_IMAP_STATUS_NO,
  AC_IMAP_STATUS_BAD,
  AC_IMAP_STATUS_BYE,
  AC_IMAP_STATUS_PREAUTH,
} AcImapStatus;

/* One response: “A1 OK …”, “* 3 FETCH (…)” or “+ …”. */
typedef struct
{
  gboolean is_continuation;
  char *tag; /* nullable: untagged */
  AcImapStatus status;

  /* Of a status. */
  char *code;      /* nullable; in capitals, such as “COPYUID” */
  char *code_text; /* nullable; what follows the code's name */
  char *text;      /* for a person; valid UTF-8, never NULL */

  /* Of data. */
  char *name; /* nullable; in capitals, such as “FETCH” */
  gboolean has_number;
  guint32 number;
  GPtrArray *values; /* of AcImapValue; never NULL */
} AcImapResponse;

AcImapResponse *ac_imap_response_parse (const char *data, gsize length, GError **error);
void ac_imap_response_free (AcImapResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcImapResponse, ac_imap_response_free)

gboolean ac_imap_line_announces_literal (const char *line,
                                         gsize length,
                                         gboolean is_first_line,
                                         guint64 *literal_length);

gboolean ac_imap_value_is_atom (const AcImapValue *value, const char *atom);
gboolean ac_imap_value_get_number (const AcImapValue *value, guint32 *number);
const char *ac_imap_value_get_text (const AcImapValue *value);

G_END_DECLS
