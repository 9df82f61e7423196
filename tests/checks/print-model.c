/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints what the model says about itself as JSON, so that a check can hold the documents to it:
 * the words of each vocabulary and the table of transitions. */
#include "config.h"

#include <json-glib/json-glib.h>

#include "model/ac-transition.h"
#include "model/ac-vocabulary.h"

static const struct
{
  const char *name; /* of the schema in data/openapi.yaml */
  AcVocabulary vocabulary;
} vocabularies[] = {
  { "ActionType", AC_VOCABULARY_ACTION_TYPE },
  { "Status", AC_VOCABULARY_STATUS },
  { "EntityType", AC_VOCABULARY_ENTITY_TYPE },
  { "Verdict", AC_VOCABULARY_VERDICT },
  { "Source", AC_VOCABULARY_SOURCE },
  { "Decision", AC_VOCABULARY_DECISION },
  { "Outcome", AC_VOCABULARY_OUTCOME },
  { "OperationStatus", AC_VOCABULARY_OPERATION_STATUS },
  { "InvestigationStatus", AC_VOCABULARY_INVESTIGATION_STATUS },
  { "Role", AC_VOCABULARY_ROLE },
  { "UrlScope", AC_VOCABULARY_URL_SCOPE },
  { "Assessment", AC_VOCABULARY_ASSESSMENT },
  { "Threat", AC_VOCABULARY_THREAT },
  { "SubmissionState", AC_VOCABULARY_SUBMISSION_STATE },
  { "ListEntry", AC_VOCABULARY_LIST_ENTRY },
  { "UndoState", AC_VOCABULARY_UNDO_STATE },
};

int
main (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *table = ac_transition_to_markdown ();
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "vocabularies");
  json_builder_begin_object (builder);
  for (gsize i = 0; i < G_N_ELEMENTS (vocabularies); i++)
    {
      json_builder_set_member_name (builder, vocabularies[i].name);
      json_builder_begin_array (builder);
      for (guint value = 1; value < ac_vocabulary_size (vocabularies[i].vocabulary); value++)
        json_builder_add_string_value (
          builder, ac_vocabulary_wire (vocabularies[i].vocabulary, (int)value));
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "transitions");
  json_builder_add_string_value (builder, table);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
  return 0;
}
