/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters of a list of actions as SQL: which of them finds the rows, and which are then checked
 * row by row. Not for other rooms. */
#pragma once

#include "store/ac-store-private.h"

G_BEGIN_DECLS

/* The filters that compare one thing with some values. */
typedef enum
{
  AC_QUESTION_STATUS, /* up to here and below: columns of action_counts */
  AC_QUESTION_TYPE,
  AC_QUESTION_VERDICT,
  AC_QUESTION_SOURCE,
  AC_QUESTION_ENTITY_TYPE,
  AC_QUESTION_DECIDED_BY,
  AC_QUESTION_ID,
  AC_QUESTION_INVESTIGATION,
  AC_QUESTION_OPERATION,
  AC_QUESTION_ASSET,
  AC_QUESTION_DECISION,
  AC_QUESTION_UNDO_STATE,
  AC_QUESTION_N_FILTERS, /* the two below have no list of values */
  AC_QUESTION_TEXT = AC_QUESTION_N_FILTERS,
  AC_QUESTION_CREATED,
  AC_QUESTION_NO_FILTER,
} AcQuestionFilter;

#define AC_QUESTION_N_COUNTED (AC_QUESTION_DECIDED_BY + 1)

/* One question: the filter, taken apart. */
typedef struct
{
  const AcActionFilter *filter;
  GStrv values[AC_QUESTION_N_FILTERS]; /* owned by filter; NULL: not filtered */
  GStrv words;                         /* owned; folded; none: empty */
  char *match;     /* owned; the words for the search index; NULL: it does not help */
  GStrv statuses;  /* owned; those that actions have which the counted filters let through */
  char *least;     /* owned; between these two is the sort column of such actions; NULL: it */
  char *most;      /* is not a counted one */
  gboolean behind; /* behind a place, which is a nearer bound than one of the filter */
  guint limit;
} AcQuestion;

void ac_question_init (AcQuestion *question, const AcActionFilter *filter);
void ac_question_clear (AcQuestion *question);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AcQuestion, ac_question_clear)

/* A statement that is being put together with its values. */
typedef struct
{
  GString *text;
  GPtrArray *values; /* of GValue */
} AcBuilder;

void ac_builder_init (AcBuilder *builder, const char *text);
void ac_builder_clear (AcBuilder *builder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AcBuilder, ac_builder_clear)
void ac_builder_add_text (AcBuilder *builder, const char *text);
void ac_builder_add_integer (AcBuilder *builder, gint64 number);
sqlite3_stmt *ac_builder_prepare (AcBuilder *builder, AcSql *sql, GError **error);
void ac_builder_add_term (AcBuilder *builder, const char *format, const GStrv values);
void ac_builder_add_conditions (AcBuilder *builder,
                                const AcQuestion *question,
                                AcQuestionFilter narrow,
                                gboolean by_status);
void ac_builder_add_counted_conditions (AcBuilder *builder,
                                        const AcQuestion *question,
                                        AcQuestionFilter only);

/* The columns of action_counts. */
extern const char *const ac_question_counted_columns[AC_QUESTION_N_COUNTED];

gboolean ac_question_is_only_counted (const AcQuestion *question);
gboolean ac_question_choose (const AcQuestion *question,
                             AcSql *sql,
                             AcQuestionFilter *chosen,
                             GError **error);
gboolean ac_question_count (const AcQuestion *question,
                            AcQuestionFilter chosen,
                            AcSql *sql,
                            gint64 *n,
                            GError **error);

G_END_DECLS
