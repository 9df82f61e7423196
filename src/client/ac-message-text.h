/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer of GET /actions/{id}/message: the message that an action is about as text. A plain struct, owned by
 * whoever got it from a _finish function. */
#pragma once

#include "model/ac-json.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *value;
} AcMessageHeader;

typedef struct
{
  char *file_name; /* nullable */
  char *media_type;
  char *sha256;
  gint64 size; /* in bytes, decoded */
} AcMessageAttachment;

typedef struct
{
  char *asset;            /* the mailbox that it was taken from */
  GPtrArray *headers;     /* of AcMessageHeader, in their order */
  char *text;             /* may be empty */
  gboolean is_source;     /* the source of HTML, because there is no plain text */
  GPtrArray *attachments; /* of AcMessageAttachment */
  gboolean is_cut;        /* there is more than is here */
  JsonObject *json;       /* as it came */
} AcMessageText;

AcMessageText *ac_message_text_new_from_json (JsonObject *object, GError **error);
void ac_message_text_free (AcMessageText *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMessageText, ac_message_text_free)

G_END_DECLS
