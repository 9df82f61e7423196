/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as each JSON document that the service or the window reads from somebody else: what is
 * taken can be written again, is then taken again, and is the same. The first byte says which. */
#include "config.h"

#include <string.h>

#include "client/ac-answers.h"
#include "model/ac-investigation.h"
#include "model/ac-json-scan.h"
#include "model/ac-operation.h"
#include "model/ac-problem.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

typedef JsonObject *(*Read) (JsonObject *object);

static JsonObject *
read_investigation_request (JsonObject *object)
{
  g_autoptr (AcInvestigation) investigation = ac_investigation_new_from_request (object, NULL);
  GPtrArray *proposals =
      investigation != NULL ? ac_investigation_get_proposals (investigation) : NULL;

  for (guint i = 0; proposals != NULL && i < proposals->len; i++)
    {
      g_autofree char *digest = ac_proposal_digest (proposals->pdata[i]);

      g_assert_nonnull (digest);
    }
  return NULL;
}

static JsonObject *
read_investigation (JsonObject *object)
{
  g_autoptr (AcInvestigation) investigation =
      ac_investigation_new_from_json (object, AC_JSON_LENIENT, NULL, NULL);

  return investigation != NULL ? ac_investigation_to_json (investigation) : NULL;
}

static JsonObject *
read_operation_request (JsonObject *object)
{
  g_autoptr (AcOperationRequest) request = ac_operation_request_new_from_json (object, NULL);

  return request != NULL ? ac_operation_request_to_json (request) : NULL;
}

static JsonObject *
read_operation (JsonObject *object)
{
  g_autoptr (AcOperation) operation =
      ac_operation_new_from_json (object, AC_JSON_LENIENT, NULL, NULL);

  return operation != NULL ? ac_operation_to_json (operation) : NULL;
}

static JsonObject *
read_action (JsonObject *object)
{
  g_autoptr (AcAction) action = ac_action_new_from_json (object, AC_JSON_LENIENT, NULL, NULL);

  return action != NULL ? ac_action_to_json (action) : NULL;
}

static JsonObject *
read_entity (JsonObject *object)
{
  g_autoptr (AcEntity) entity = ac_entity_new_from_json (object, AC_JSON_STRICT, NULL, NULL);

  return entity != NULL ? ac_entity_to_json (entity) : NULL;
}

static JsonObject *
read_problem (JsonObject *object)
{
  g_autoptr (AcProblem) problem = ac_problem_new_from_json (object, 409);

  return problem != NULL ? ac_problem_to_json (problem) : NULL;
}

static JsonObject *
read_me (JsonObject *object)
{
  g_autoptr (AcMe) me = ac_me_new_from_json (object, NULL);

  if (me != NULL)
    ac_me_may (me, AC_PERMISSION_DECIDE);
  return NULL;
}

static JsonObject *
read_action_page (JsonObject *object)
{
  g_autoptr (AcActionPage) page = ac_action_page_new_from_json (object, FALSE, NULL);
  g_autoptr (AcActionPage) ids = ac_action_page_new_from_json (object, TRUE, NULL);

  g_assert (page == NULL || page->actions != NULL);
  g_assert (ids == NULL || ids->ids != NULL);
  return NULL;
}

static JsonObject *
read_investigation_page (JsonObject *object)
{
  g_autoptr (AcInvestigationPage) page = ac_investigation_page_new_from_json (object, NULL);

  g_assert (page == NULL || page->investigations != NULL);
  return NULL;
}

static JsonObject *
read_change_page (JsonObject *object)
{
  g_autoptr (AcChangePage) page = ac_change_page_new_from_json (object, NULL);

  g_assert (page == NULL || page->next != NULL);
  return NULL;
}

static const Read readers[] = {
  read_investigation_request,
  read_investigation,
  read_operation_request,
  read_operation,
  read_action,
  read_entity,
  read_problem,
  read_me,
  read_action_page,
  read_investigation_page,
  read_change_page,
};

static JsonNode *
parse (GBytes *bytes, JsonObject **object)
{
  JsonNode *node = ac_json_parse (bytes, NULL);

  *object = node != NULL ? ac_json_root_object (node, NULL) : NULL;
  return node;
}

/* The API has no numbers but whole ones. One of another kind, in a member that nobody knows, may be
 * written with more digits than are read. */
static gboolean
has_fraction (JsonNode *node)
{
  gboolean found = FALSE;

  if (JSON_NODE_HOLDS_VALUE (node))
    return json_node_get_value_type (node) == G_TYPE_DOUBLE;
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; !found && i < json_array_get_length (array); i++)
        found = has_fraction (json_array_get_element (array, i));
    }
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      JsonNode *member;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (!found && json_object_iter_next (&iter, NULL, &member))
        found = has_fraction (member);
    }
  return found;
}

/* What was read and written is read and written the same. */
static void
check_again (Read read, JsonObject *written)
{
  g_autoptr (GBytes) bytes = ac_json_object_to_bytes (written);
  JsonObject *object;
  g_autoptr (JsonNode) node = parse (bytes, &object);
  g_autoptr (JsonObject) again = NULL;
  g_autoptr (GBytes) second = NULL;

  g_assert_nonnull (object);
  again = read (object);
  g_assert_nonnull (again);
  second = ac_json_object_to_bytes (again);
  g_assert (g_bytes_equal (bytes, second));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonObject) written = NULL;
  JsonObject *object;
  AcJsonSlice slice;
  gboolean scanned;
  Read read;

  if (size == 0)
    return 0;
  read = readers[data[0] % G_N_ELEMENTS (readers)];
  bytes = g_bytes_new (data + 1, size - 1);
  node = parse (bytes, &object);
  /* What the parser takes, the scanner takes too. */
  scanned = ac_json_scan_value ((const char *)data + 1, size - 1, &slice);
  g_assert (node == NULL || scanned);
  if (object == NULL)
    return 0;
  written = read (object);
  if (written != NULL && !has_fraction (node))
    check_again (read, written);
  return 0;
}
