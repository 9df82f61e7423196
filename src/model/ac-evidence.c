/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-evidence.h"
#include "model/ac-time.h"

struct _AcEvidence
{
  GObject parent_instance;

  AcEntity *entity;
  char *verdict; /* raw */
  char *detail;
  char *detection_origin;
  GStrv threats; /* empty: those of the entity */
  GStrv assets;
  gint64 first_seen;
  JsonObject *unknown; /* nullable; members of a newer service */
};

G_DEFINE_FINAL_TYPE (AcEvidence, ac_evidence, G_TYPE_OBJECT)

static const AcJsonMember members[] = {
  { "entity", AC_JSON_OBJECT, TRUE },
  { "verdict", AC_JSON_ENUM, TRUE, AC_VOCABULARY_VERDICT },
  { "firstSeen", AC_JSON_TIME, FALSE },
  { "detail", AC_JSON_STRING, FALSE },
  { "detectionOrigin", AC_JSON_STRING, FALSE },
  { "threats", AC_JSON_STRING_ARRAY, FALSE },
  { "assets", AC_JSON_STRING_ARRAY, FALSE },
};

static void
ac_evidence_finalize (GObject *object)
{
  AcEvidence *self = AC_EVIDENCE (object);

  g_clear_object (&self->entity);
  g_free (self->verdict);
  g_free (self->detail);
  g_free (self->detection_origin);
  g_strfreev (self->threats);
  g_strfreev (self->assets);
  g_clear_pointer (&self->unknown, json_object_unref);
  G_OBJECT_CLASS (ac_evidence_parent_class)->finalize (object);
}

static void
ac_evidence_class_init (AcEvidenceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_evidence_finalize;
}

static void
ac_evidence_init (AcEvidence *self)
{
}

/**
 * ac_evidence_new_from_json:
 * @path: (nullable): where @object stands, for messages
 *
 * Returns: (transfer full): the evidence, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcEvidence *
ac_evidence_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error)
{
  g_autoptr (AcEvidence) self = NULL;
  g_autofree char *entity_path = NULL;

  if (!ac_json_check (object, members, G_N_ELEMENTS (members), mode, path, error))
    return NULL;

  entity_path = path != NULL ? g_strconcat (path, ".entity", NULL) : g_strdup ("entity");
  self = g_object_new (AC_TYPE_EVIDENCE, NULL);
  self->entity =
      ac_entity_new_from_json (ac_json_get_object (object, "entity"), mode, entity_path, error);
  if (self->entity == NULL)
    return NULL;
  self->verdict = g_strdup (ac_json_get_string (object, "verdict"));
  self->detail = g_strdup (ac_json_get_string (object, "detail"));
  self->detection_origin = g_strdup (ac_json_get_string (object, "detectionOrigin"));
  self->threats = ac_json_get_strings (object, "threats");
  self->assets = ac_json_get_strings (object, "assets");
  self->first_seen = ac_json_get_time (object, "firstSeen");
  self->unknown = ac_json_unknown_members (object, members, G_N_ELEMENTS (members));
  return g_steal_pointer (&self);
}

/**
 * ac_evidence_to_json:
 *
 * Returns: (transfer full): the evidence as the API gives it.
 */
JsonObject *
ac_evidence_to_json (AcEvidence *self)
{
  JsonObject *object;

  g_return_val_if_fail (AC_IS_EVIDENCE (self), NULL);

  object = json_object_new ();
  json_object_set_object_member (object, "entity", ac_entity_to_json (self->entity));
  ac_json_set_string (object, "verdict", self->verdict);
  ac_json_set_time (object, "firstSeen", self->first_seen);
  ac_json_set_string (object, "detail", self->detail);
  ac_json_set_string (object, "detectionOrigin", self->detection_origin);
  if (self->threats[0] != NULL)
    ac_json_set_strings (object, "threats", (const char *const *)self->threats);
  if (self->assets[0] != NULL)
    ac_json_set_strings (object, "assets", (const char *const *)self->assets);
  ac_json_add_members (object, self->unknown);
  return object;
}

AcEntity *
ac_evidence_get_entity (AcEvidence *self)
{
  g_return_val_if_fail (AC_IS_EVIDENCE (self), NULL);

  return self->entity;
}

const char *
ac_evidence_get_verdict (AcEvidence *self)
{
  g_return_val_if_fail (AC_IS_EVIDENCE (self), NULL);

  return self->verdict;
}

/**
 * ac_evidence_get_first_seen:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_evidence_get_first_seen (AcEvidence *self)
{
  g_return_val_if_fail (AC_IS_EVIDENCE (self), AC_TIME_NONE);

  return self->first_seen;
}

/**
 * ac_evidence_get_detail:
 *
 * Returns: (nullable): in words, what was found.
 */
const char *
ac_evidence_get_detail (AcEvidence *self)
{
  g_return_val_if_fail (AC_IS_EVIDENCE (self), NULL);

  return self->detail;
}

/**
 * ac_evidence_get_detection_origin:
 *
 * Returns: (nullable): what has noticed it.
 */
const char *
ac_evidence_get_detection_origin (AcEvidence *self)
{
  g_return_val_if_fail (AC_IS_EVIDENCE (self), NULL);

  return self->detection_origin;
}

/**
 * ac_evidence_get_assets:
 *
 * Returns: (transfer none): the mailboxes and devices that it was found on; may be empty.
 */
const char *const *
ac_evidence_get_assets (AcEvidence *self)
{
  g_return_val_if_fail (AC_IS_EVIDENCE (self), NULL);

  return (const char *const *)self->assets;
}

/**
 * ac_evidence_dup_threats:
 *
 * Returns: (transfer full): the threats it was found to be, those that stand in the entity when the
 * evidence itself names none; may be empty.
 */
GStrv
ac_evidence_dup_threats (AcEvidence *self)
{
  g_return_val_if_fail (AC_IS_EVIDENCE (self), NULL);

  return self->threats[0] != NULL ? g_strdupv (self->threats)
                                  : ac_entity_get_strings (self->entity, "threats");
}

/**
 * ac_evidence_is_threat:
 *
 * Returns: whether its verdict is malicious or suspicious.
 */
gboolean
ac_evidence_is_threat (AcEvidence *self)
{
  int verdict;

  g_return_val_if_fail (AC_IS_EVIDENCE (self), FALSE);

  verdict = ac_vocabulary_parse (AC_VOCABULARY_VERDICT, self->verdict);
  return verdict == AC_VERDICT_MALICIOUS || verdict == AC_VERDICT_SUSPICIOUS;
}
