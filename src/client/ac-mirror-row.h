/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One action as the mirror keeps it: its columns, read out of the text that the service sent. Plain
 * functions for the writing thread. Private to this room. */
#pragma once

#include "model/ac-json-scan.h"

G_BEGIN_DECLS

/* An id as the mirror stores it: the bytes of a UUID in its usual spelling, or text. */
typedef struct
{
  guint8 bytes[16];
  gboolean is_uuid;
  const char *text; /* not owned */
} AcMirrorId;

void ac_mirror_id_init (AcMirrorId *id, const char *text);
char *ac_mirror_id_format (const guint8 *bytes);

typedef struct
{
  AcJsonSlice body; /* of the text it was read from */
  char *id;
  gint64 version;
  char *status;
  char *type;
  char *verdict;
  char *source;
  char *entity_type;
  gboolean undoable;
  gint64 created_at;
  gint64 updated_at;
  gint64 expires_at; /* G_MAXINT64: never */
  char *details;
  char *decided_by;       /* nullable */
  char *decision;         /* nullable */
  char *investigation_id; /* nullable */
  char *operation_id;     /* nullable */
  GPtrArray *assets;      /* of char * */
  GString *text;          /* what searches look in, folded */
} AcMirrorRow;

AcMirrorRow *ac_mirror_row_new (const AcJsonSlice *action, GError **error);
void ac_mirror_row_free (AcMirrorRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMirrorRow, ac_mirror_row_free)


G_END_DECLS
