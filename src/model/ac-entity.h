/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an action or a piece of evidence is about: a message, a cluster, a URL, a file and so on.
 * Immutable. Members a newer service adds are kept and written out again. */
#pragma once

#include <glib-object.h>

#include "model/ac-json.h"

G_BEGIN_DECLS

#define AC_TYPE_ENTITY (ac_entity_get_type ())
G_DECLARE_FINAL_TYPE (AcEntity, ac_entity, AC, ENTITY, GObject)

AcEntity *
ac_entity_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error);
JsonObject *ac_entity_to_json (AcEntity *self);
const char *ac_entity_get_entity_type (AcEntity *self);
const char *ac_entity_get_string (AcEntity *self, const char *member);
const char *ac_entity_get_label (AcEntity *self, const char *member);
gboolean ac_entity_get_boolean (AcEntity *self, const char *member, gboolean *value);
gint64 ac_entity_get_integer (AcEntity *self, const char *member, gint64 fallback);
gint64 ac_entity_get_time (AcEntity *self, const char *member);
GStrv ac_entity_get_strings (AcEntity *self, const char *member);
const char *ac_entity_get_summary (AcEntity *self);
char *ac_entity_canonical (AcEntity *self);

typedef struct
{
  const char *name; /* as in JSON */
  AcJsonKind kind;
  const char *label;   /* translated */
  const char *section; /* translated; nullable: it stands first, under the name of the type */
} AcEntityField;

gboolean ac_entity_type_get_field (const char *entity_type, gsize index, AcEntityField *field);

G_END_DECLS
