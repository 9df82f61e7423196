/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON checked against tables: an object's members are described once, and every error names the
 * member by its path ("actions[3].entity.messageId: expected a string, found a number"). */
#pragma once

#include <json-glib/json-glib.h>

#include "model/ac-vocabulary.h"

G_BEGIN_DECLS

#define AC_MODEL_ERROR (ac_model_error_quark ())
typedef enum
{
  AC_MODEL_ERROR_SYNTAX,
  AC_MODEL_ERROR_MISSING_MEMBER,
  AC_MODEL_ERROR_UNKNOWN_MEMBER,
  AC_MODEL_ERROR_WRONG_TYPE,
  AC_MODEL_ERROR_INVALID_VALUE,
  AC_MODEL_ERROR_OUT_OF_RANGE, /* well-formed, but more (or less) than is allowed */
} AcModelError;

GQuark ac_model_error_quark (void);

/* How to treat what this program does not know. */
typedef enum
{
  AC_JSON_STRICT,  /* requests: unknown members and unknown enum values are errors */
  AC_JSON_LENIENT, /* answers: unknown members are kept, unknown enum values are shown raw */
} AcJsonMode;

typedef enum
{
  AC_JSON_STRING,
  AC_JSON_TEXT, /* a string that must not be empty */
  AC_JSON_INTEGER,
  AC_JSON_BOOLEAN,
  AC_JSON_TIME,
  AC_JSON_ENUM,
  AC_JSON_OBJECT,
  AC_JSON_ARRAY,
  AC_JSON_STRING_ARRAY,
} AcJsonKind;

typedef struct
{
  const char *name;
  AcJsonKind kind;
  gboolean required;
  AcVocabulary vocabulary; /* of AC_JSON_ENUM */
} AcJsonMember;

JsonNode *ac_json_parse (GBytes *bytes, GError **error);
GBytes *ac_json_to_bytes (JsonNode *node);
GBytes *ac_json_object_to_bytes (JsonObject *object);
gboolean ac_json_check (JsonObject *object,
                        const AcJsonMember *members,
                        gsize n_members,
                        AcJsonMode mode,
                        const char *path,
                        GError **error);
JsonObject *ac_json_root_object (JsonNode *root, GError **error);
JsonObject *
ac_json_element_object (JsonArray *array, guint index, const char *path, GError **error);
const char *ac_json_get_string (JsonObject *object, const char *name);
gint64 ac_json_get_integer (JsonObject *object, const char *name, gint64 fallback);
gint64 ac_json_get_time (JsonObject *object, const char *name);
gboolean ac_json_get_boolean (JsonObject *object, const char *name, gboolean fallback);
JsonArray *ac_json_get_array (JsonObject *object, const char *name);
JsonObject *ac_json_get_object (JsonObject *object, const char *name);
GStrv ac_json_get_strings (JsonObject *object, const char *name);
void ac_json_set_string (JsonObject *object, const char *name, const char *value);
void ac_json_set_time (JsonObject *object, const char *name, gint64 time);
void ac_json_set_strings (JsonObject *object, const char *name, const char *const *values);
JsonObject *
ac_json_unknown_members (JsonObject *object, const AcJsonMember *members, gsize n_members);
void ac_json_add_members (JsonObject *object, JsonObject *more);
char *ac_model_error_member (const GError *error);
char *ac_json_canonical (JsonNode *node);

G_END_DECLS
